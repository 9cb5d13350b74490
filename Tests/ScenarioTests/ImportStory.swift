import Foundation
import Support
import Testing

extension Scenarios {
    @Suite struct `A ledger taken in before Thanksgiving` {
        private struct Invoice: Decodable, Sendable {
            let open: Amount
            let customerId: String
        }

        @Test(arguments: World.roads)
        func `is reminded of exactly once a customer, of exactly what is overdue`(pooled: Bool) async throws {
            let seed = UInt64.random(in: 0 ... .max)
            let ledger = Ledger(seed: seed, customers: 60)
            print("seed \(seed): \(ledger.lines.count) invoices, \(ledger.open.count) open")
            try await World.lend(pooled: pooled) { world in
                try await world.recoup("demo", "at", "2026-11-24T09:00[America/New_York]")
                try await world.start("sandbox", "api", "worker")
                let tenant = try await Tenant.make(in: world)
                let imported = try await tenant.take(ledger.lines, byWorker: true)
                let said = Dictionary(Self.table(imported)) { first, _ in first }
                #expect(said["invoices"] == "\(ledger.lines.count)")
                #expect(said["payments"] == "\(ledger.lines.count - ledger.open.count)")
                #expect(said["errors"] == "0")
                try await Self.compare(ledger, in: tenant)
                try await Self.send(ledger, as: tenant)
            }
        }

        /// SQL, API and command line tell the sums that the lines have.
        private static func compare(_ ledger: Ledger, in tenant: Tenant) async throws {
            let (open, overdue) = (ledger.open, ledger.overdue(on: Ledger.today))
            let debtors = Set(overdue.map(\.customer)).count
            let totals = "select count(*)::text, sum(total)::text from invoice where settled_at is null"
            #expect(try await tenant.world.sql(totals) == [["\(open.count)", "\(Ledger.sum(open))"]])
            let late = totals + " and due_date < '2026-11-24'"
            #expect(try await tenant.world.sql(late) == [["\(overdue.count)", "\(Ledger.sum(overdue))"]])
            for (state, lines) in [("open", open), ("overdue", overdue)] {
                let shown: [Invoice] = try await tenant.everything("/v1/invoices?state=\(state)")
                #expect(shown.count == lines.count)
                #expect(try shown.reduce(0) { $0 + (try $1.open.cents) } == Ledger.sum(lines))
                let table = try await export("invoices?state=\(state)", as: tenant)
                #expect(table.count == lines.count + 1)
                #expect(table.first?.hasPrefix("id,amount.amount,amount.currency,brand_id") == true)
            }
            let preview = Dictionary(table(try await tenant.activate("by_age_capped(2)"))) { first, _ in first }
            #expect(preview["customers"] == "\(debtors)")
            #expect(preview["overdue invoices"] == "\(overdue.count)")
            #expect(preview["overdue"] == Ledger.dollars(Ledger.sum(overdue)))
        }

        /// The lines of a list, all pages of it, by the command line.
        private static func export(_ list: String, as tenant: Tenant) async throws -> [String] {
            let folder = tenant.world.folder
            let (key, file) = (folder.appending(path: "key"), folder.appending(path: "export.csv"))
            try tenant.key.write(to: key, atomically: true, encoding: .utf8)
            try await tenant.world.recoup(
                "export", list, "--format", "csv", "--key-file", key.path, "--api",
                "http://127.0.0.1:\(tenant.world.ports.api)", "-o", file.path)
            return try String(contentsOf: file, encoding: .utf8).split(separator: "\r\n").map(String.init)
        }

        private static func send(_ ledger: Ledger, as tenant: Tenant) async throws {
            let expected = ledger.mails()
            let world = tenant.world
            try await world.recoup("demo", "forward", "3h")
            let first = try await world.mails()
            #expect(first.count == expected.count { $0.value.day == Ledger.today })
            try await world.recoup("demo", "forward", "--to", "2026-11-28T12:00[America/New_York]")
            let mails = try await world.mails()
            print("mails on Tuesday \(first.count), until Saturday \(mails.count)")
            #expect(mails.map(\.recipient).sorted() == expected.keys.map(Tenant.address).sorted())
            for (customer, mail) in expected {
                let text = mails.first { $0.recipient == Tenant.address(of: customer) }?.text ?? ""
                let listed = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("Invoice: ") }
                    .map { $0.dropFirst(9).trimmingCharacters(in: .whitespaces) }
                #expect(listed.sorted() == mail.lines.map(\.invoice).sorted(), "\(customer)")
                let total = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("Total in USD: ") }
                #expect(total?.hasSuffix(" " + Ledger.dollars(Ledger.sum(mail.lines))) == true, "\(text)")
                #expect(text.contains("as of November \(mail.day), 2026"), "\(customer)")
            }
            #expect(!mails.contains { $0.text?.contains("as of November 26, 2026") ?? true })
            try await explain(try #require(expected.keys.sorted().first), to: tenant)
            try await world.recoup("doctor")
        }

        /// Why somebody was written to, in words, by API and command line alike.
        private static func explain(_ customer: String, to tenant: Tenant) async throws {
            struct Customer: Decodable, Sendable {
                let id: String
                let externalId: String
            }
            struct Why: Decodable {
                struct Entry: Decodable { let words: String }
                let now: String
                let words: [String]
                let next: [Entry]
                let history: [Entry]
            }
            let customers: [Customer] = try await tenant.everything("/v1/customers")
            let id = try #require(customers.first { $0.externalId == customer }?.id)
            // Each program follows the clock of the instance within a quarter of a second.
            try await eventually("the API knows that it is Saturday") {
                let why: Why = try await tenant.ask("GET", "/v1/customers/\(id)/why").read()
                return why.now >= "2026-11-28"
            }
            let why: Why = try await tenant.ask("GET", "/v1/customers/\(id)/why").read()
            #expect(why.history.contains { $0.words.hasSuffix(" went out.") })
            #expect(why.words.allSatisfy { $0.contains(" ") } && !why.words.isEmpty)
            #expect(!why.next.isEmpty)
            let said = try await tenant.world.recoup("why", "--tenant", tenant.id, id)
            for line in why.words + why.history.map(\.words) { #expect(said.contains(line)) }
        }

        /// What the command line shows in two columns.
        private static func table(_ text: String) -> [(String, String)] {
            text.split(separator: "\n").compactMap { line in
                guard let gap = line.range(of: "  ") else { return nil }
                return (
                    String(line[..<gap.lowerBound]), line[gap.upperBound...].trimmingCharacters(in: .whitespaces)
                )
            }
        }
    }
}
