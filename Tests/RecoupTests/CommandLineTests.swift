import ArgumentParser
import Dunning
import Foundation
import Host
import Postgres
import Store
import Testing

@testable import Operations
@testable import recoup

@Suite struct `The command line` {
    @Test(arguments: [
        ("7d", 604_800), ("3h", 10_800), ("30m", 1_800), ("45s", 45), ("1d12h", 129_600), ("0d", 0),
    ]) func `reads lengths of time`(_ text: String, _ seconds: Int) {
        #expect(Stretch(text)?.seconds == seconds)
    }

    @Test(arguments: ["", "7", "d", "7w", "-1d", "1.5h", "7d ", "d7", "100000d", "٧d"])
    func `refuses other lengths of time`(_ text: String) {
        #expect(Stretch(text) == nil)
    }

    @Test(arguments: [
        ("2026-11-24T14:00:00Z", "2026-11-24T14:00:00Z"),
        ("2026-11-24T09:00[America/New_York]", "2026-11-24T14:00:00Z"),
        ("2026-07-01T09:00:30[America/New_York]", "2026-07-01T13:00:30Z"),
        ("2026-03-29T02:30[Europe/Berlin]", "2026-03-29T01:00:00Z"),
        ("2026-11-24T09:00:00-05:00", "2026-11-24T14:00:00Z"),
    ]) func `reads instants, local ones with their zone`(_ text: String, _ instant: String) throws {
        #expect(try #require(Instant(zoned: text)).description == instant)
    }

    @Test(arguments: [
        "2026-11-24T09:00", "2026-11-24 09:00[America/New_York]", "2026-11-24T09:00[Nowhere/At_all]",
        "2026-11-24T09:00[]",
        "2026-11-24T09[UTC]", "2026-11-24T09:00:60[UTC]", "2026-11-24T25:00[UTC]", "]", "",
    ]) func `refuses instants that leave a doubt`(_ text: String) {
        #expect(Instant(zoned: text) == nil)
    }

    @Test func `prints tables with columns in line`() {
        #expect(Terminal.table([["a", "bb", "c"], ["aaa", "b", ""]]) == "a    bb  c\naaa  b   ")
    }

    @Test func `says each error in one sentence`() {
        let problems = [
            FieldProblem(pointer: "/brand", code: "unknown_brand", detail: "no such brand"),
            FieldProblem(pointer: "", code: "nul_character", detail: "line 2, field 1: a NUL"),
        ]
        #expect(Sentence.about(Rejection.invalid(problems)) == "/brand: no such brand; line 2, field 1: a NUL")
        #expect(Sentence.about(Rejection.notFound("invoice")) == "there is no such invoice")
        #expect(Sentence.about(Complaint("there is no tenant yet")) == "there is no tenant yet")
    }

    @Test func `shows what an activation would do`() throws {
        let dollars = try #require(Currency("USD"))
        let brand = ID<Brand>(UUID())
        let today = try #require(Day("2026-11-24"))
        let preview = ActivationPreview(
            tenant: ID(UUID()), mode: .shadow, policy: .byAgeCapped(2), customers: 7,
            asked: [
                OverdueGroup(
                    brand: brand, currency: dollars, version: ID(UUID()), anchorDue: today.adding(-5), priorStage: 0,
                    cases: 7,
                    invoices: 9, amount: Money(minor: 123_456, currency: dollars))
            ], ignored: [], days: [brand: today], workflows: [:])
        let text = ActivateCommand.text(preview, tenant: "Acme")
        for line in [
            "customers         7", "overdue           $1,234.56", "oldest            5 days overdue",
            "enter at stage 1  7 cases",
        ] {
            #expect(text.contains(line), "\(line)")
        }
        #expect(!text.contains("left alone") && !text.contains("review"))
    }
}

@Suite struct `The invented ledger` {
    @Test func `is the same for the same seed and day, and an import takes all of it`() throws {
        let today = try #require(Day("2026-11-22"))
        var (first, second) = (DemoLedger(seed: 7, today: today), DemoLedger(seed: 7, today: today))
        let csv = first.csv(customers: 40)
        #expect(csv == second.csv(customers: 40))
        let rows = csv.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(Set(rows.map { $0[0] }).count == 40)
        #expect(Set(rows.map { $0[3] }).count == rows.count)
        #expect(rows.contains { $0[7].isEmpty } && rows.contains { !$0[7].isEmpty })
        #expect(rows.allSatisfy { $0.count == 8 && $0[7] <= Substring(today.description) })
        _ = try ImportMapping(json: DemoLedger.mapping)
    }
}
