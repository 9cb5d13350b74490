import Dunning
import Operations
import Testing

@testable import recoup

@Suite struct `The catalogue on the command line` {
    @Test(arguments: ReadyMadeWorkflow.all.map(\.key))
    func `prints documents that can be read again`(name: String) throws {
        let ready = try #require(ReadyMadeWorkflow.named(name))
        let page = ListCatalogue.page(ready)
        #expect(try WorkflowDocument(YAMLDocument.read(page)) == ready.document)
        #expect(page.hasPrefix("# \(ready.purpose)\n"))
        #expect(ListCatalogue.list.contains("\(name)  (\(ready.document.name))"))
        #expect(ListCatalogue.unknown("x").contains(name))
    }
}
