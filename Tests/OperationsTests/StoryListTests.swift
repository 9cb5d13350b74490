import Testing

@Suite struct `The list of stories` {
    @Test func `tells every complaint, edge case and decision by a test that is there, or says what it waits for`()
        throws
    {
        let tests = try StoryList.tests()
        #expect(tests.count > 900, "\(tests.count) tests")
        #expect(StoryList(try StoryList.document()).faults(among: tests) == [])
    }

    @Test func `reads tests as sources have them, and nothing else`() {
        let source = """
            @Suite struct `A thing` {
                /// As ``Other`` does, or `so`.
                @Test func `works`() {}
                @Test(arguments: [1, 2]) func `takes things`(_ thing: Int) {}
                func `helps`() {}
            }
            """
        #expect(StoryList.tests(in: source) == ["works", "takes things"])
    }

    @Test func `is found wanting, whatever is done to it`() throws {
        let (document, tests) = (try StoryList.document(), try StoryList.tests())
        func faults(_ old: String, _ new: String) -> [String] {
            #expect(document.contains(old))
            return StoryList(document.replacing(old, with: new)).faults(among: tests)
        }
        // A story that nobody wrote, one that is not listed, a subject that is gone, and one that would rather wait.
        let name = "complaint 17: as many steps as one likes, and what repeats has an end with a person"
        #expect(
            faults(name, "complaint 17: for ever") == [
                "'\(name)' is not listed", "Complaint 17: there is no test 'complaint 17: for ever'",
            ])
        #expect(faults("| Month ends |", "| Ends of months |") == ["Ends of months: unknown", "Month ends: missing"])
        #expect(
            faults("| Complaint 9 |", "| Complaint 10 |") == [
                "Complaint 10: may not wait for 'The customer's page and the team's console'", "Complaint 10: twice",
                "Complaint 9: missing",
            ])
        #expect(
            faults("| Parent/child | Connectors and credit |", "| Parent/child | Trust |") == [
                "Parent/child: may not wait for 'Trust'"
            ])
        var fewer = tests
        fewer.remove(name)
        #expect(
            StoryList(document).faults(among: fewer) == ["Complaint 17: there is no test '\(name)'"],
            "a test that was taken out is missed")
    }
}
