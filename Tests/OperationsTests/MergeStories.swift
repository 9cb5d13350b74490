import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

/// Two customers that turn out to be one, told to their end.
@Suite(.database) struct `Merged customers` {
    private static let now = TestTenant.now
    private static let today = TestTenant.today

    private static func made() async throws -> (TestTenant, Courier) {
        let tenant = try await TestTenant.make(in: .current())
        return (tenant, try Courier(of: tenant))
    }

    /// Adds what was booked to the rollups.
    private static func fold(_ tenant: TestTenant) async throws {
        while try await tenant.write(as: .worker, { tx, context in try KeepRollups.step(in: &tx, context) }) {}
    }

    @Test
    func `row merged customer: the higher stage goes on with the later contact, and the next letter is one over both`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        // One name has had two letters; the other its first on the ninth day.
        let (old, first) = try await tenant.debtor("Bluebird Ltd", overdueBy: 20)
        #expect(try await courier.live(through: 8) == [0, 7])
        let ninth = Self.now.adding(days: 9)
        let (stays, second) = try await tenant.debtor("Bluebird", overdueBy: 12, 50_00, at: ninth)
        #expect(try await courier.live(from: 9, through: 9) == [9])
        let (higher, lower) = (try await tenant.onlyCase(of: old), try await tenant.onlyCase(of: stays))
        #expect(higher.stage == 2 && lower.stage == 1)
        let tenth = Self.now.adding(days: 10)
        let merged = try await tenant.merge(old, into: stays, at: tenth)
        #expect(merged.isNew && merged.answer == MergeCustomers.Answer(moved: [higher.id], closed: [lower.id]))
        let open = try #require(try await tenant.cases(of: stays, at: tenth).first)
        #expect(open.id == higher.id && open.facts.state.stage == 2)
        #expect(open.facts.state.lastContactDay == Self.today.adding(9))
        #expect(try await tenant.asked(stays, at: tenth) == 150_00)
        #expect(try await tenant.skipped(of: stays) == ["firm merged", "final merged"])
        // A week after the ninth day, not after the seventh; the third letter, over what either owes.
        #expect(try await courier.live(from: 10, through: 20) == [16])
        let letters = try await tenant.letters(to: stays)
        #expect(letters.map(\.record.stage) == [1, 2, 1, 3])
        #expect(letters.last.map { Set($0.lines.map(\.invoice)) } == [first, second])
        // The history of both stands with the one, and the other says where it went.
        let why = try await tenant.why(stays, at: tenth)
        #expect(why.history.contains { $0.what == "case closed" && $0.reason == .merged })
        let gone = try await tenant.why(old, at: tenth)
        #expect(gone.words[0].contains("merged into Bluebird (\(stays))") && gone.history.map(\.reason) == [.merged])
        #expect(try await tenant.letters(to: old).isEmpty)
        #expect(try await tenant.cases(of: old).isEmpty)
        #expect(try await tenant.audited("customer.merged", of: old) == 1)
        #expect(try await tenant.audited("customer.merged", of: stays) == 1)
        let told = try await tenant.told()
        #expect(told.filter { $0.type == "customer.merged" }.map(\.customer) == [stays])
        #expect(told.filter { $0.type == "case.exited" }.map { $0.data["reason"] } == ["merged"])
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
        // Its payment ends all of it.
        try await tenant.pay(stays, 150_00, at: Self.now.adding(days: 21))
        #expect(try await courier.live(from: 21, through: 40) == [])
        #expect(try await tenant.cases(of: stays).isEmpty)
    }

    @Test func `a case that the other has none of moves as it is, with its holds, tasks and agreements`() async throws {
        let (tenant, courier) = try await Self.made()
        let (old, invoice) = try await tenant.debtor("Old", overdueBy: 20)
        #expect(try await courier.live(through: 0) == [0])
        let stays = try await tenant.customer("Stays")
        let task = try await tenant.openTask(.call, of: old)
        let promise = try await tenant.promise([invoice], dueIn: 3)
        let hold = try PlaceHold(on: .customer(old), reason: "vip", until: Self.now.adding(days: 10))
        try await tenant.write { tx, context in
            _ = try hold.run(in: &tx, context)
            _ = try AddNote(about: old, "Ask for Ada.").run(in: &tx, context)
        }
        let before = try await tenant.onlyCase(of: old)
        let merged = try await tenant.merge(old, into: stays)
        #expect(merged.answer == MergeCustomers.Answer(moved: [before.id]))
        let moved = try await tenant.onlyCase(of: stays)
        #expect(moved.id == before.id && moved.stage == 1 && moved.status == before.status)
        #expect(try await tenant.tasks(of: stays).map(\.id) == [task])
        let (promised, holds, notes, contacts) = try await tenant.read { tx, _ in
            (
                try tx.promise(promise.id)?.customer, try tx.holds(Page(count: 10), of: stays).map(\.reason),
                try tx.notes(Page(count: 10), about: stays).map(\.body),
                try tx.contacts(of: stays, Page(count: 10)).count
            )
        }
        #expect(promised == stays && holds == ["vip"] && notes == ["Ask for Ada."] && contacts == 2)
        for table in TestTenant.tablesOfCustomers {
            #expect(
                try await tenant.count("\(table) where tenant_id = $t and customer_id = '\(old.uuid)'") == 0, "\(table)"
            )
        }
        // Promised, and held until the tenth day.
        let written = try await courier.live(from: 1, through: 16)
        #expect(written.count == 1 && written.allSatisfy { $0 >= 10 }, "\(written)")
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `no table with a customer in it is forgotten`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let found = try await tenant.admin(
            """
            select c.table_name::text from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and c.column_name = 'customer_id' and t.table_type = 'BASE TABLE'
            """
        ).compactMap { $0.first ?? nil }
        // What happened stays under the name it happened to; a simulation and staged rows are not kept; an experiment's share of
        // the merged one harms nobody.
        let left = ["customer", "audit_event", "event", "simulation_event", "import_row", "split_choice"]
        #expect(Set(found) == Set(TestTenant.tablesOfCustomers + left))
    }

    @Test func `what was booked stays as it was on every day, and credit meets debt from today on`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (old, paid) = try await tenant.debtor("Old", overdueBy: 20)
        let (stays, owed) = try await tenant.debtor("Stays", overdueBy: 15, 80_00)
        try await tenant.pay(old, 130_00)
        #expect(try await tenant.shown(paid).open.minor == 0)
        try await tenant.writeOff(owed, 20_00)
        try await Self.fold(tenant)
        let later = Self.now.adding(days: 3)
        func sums() async throws -> [[String?]] {
            try await tenant.admin(
                """
                select value_date::text, kind, currency, (invoice_id is null)::text, count(*)::text, sum(amount)::text
                from ledger_entry where tenant_id = $t and value_date < '\(Self.today.adding(3))'
                group by 1, 2, 3, 4 order by 1, 2, 3, 4
                """)
        }
        func rollups() async throws -> [[String?]] {
            try await tenant.admin(
                """
                select day::text, sum(invoiced)::text, sum(paid)::text, sum(written_off)::text, sum(open)::text,
                    sum(late_0)::text, sum(unapplied)::text
                from receivable_day where tenant_id = $t and grain = 'day' and day < '\(Self.today.adding(3))'
                group by day order by day
                """)
        }
        let before = (try await sums(), try await rollups())
        #expect(!before.1.isEmpty)
        try await tenant.merge(old, into: stays, at: later)
        try await Self.fold(tenant)
        #expect(try await sums() == before.0)
        #expect(try await rollups() == before.1)
        // The 30 dollars waited for something to be paid: here it is.
        #expect(try await tenant.shown(owed).open.minor == 30_00)
        #expect(try await tenant.credit(of: stays) == 0)
        #expect(try await tenant.value("select sum(amount)::text from ledger_entry where tenant_id = $t") == "3000")
        #expect(
            try await tenant.count(
                "ledger_entry where tenant_id = $t and value_date >= '\(Self.today.adding(3))' and kind <> 'transfer'")
                == 0)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `a file and a request that still say the other name are about the one that stayed`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let file = try ImportFixture(tenant)
        let rows = """
            c1,ap@one.test,i1,2026-09-01,2026-10-20,100.00,
            c2,ap@two.test,i2,2026-09-01,2026-10-21,40.00,

            """
        #expect(try await file.take(rows).brief == [2, 2, 2, 0, 0, 0])
        let (stays, old) = (try await tenant.customer(named: "c1"), try await tenant.customer(named: "c2"))
        try await tenant.merge(old, into: stays)
        #expect(try await file.take(rows).brief == [2, 0, 0, 0, 2, 0])
        let more = """
            c2,other@two.test,i3,2026-09-01,2026-10-22,25.00,
            c2,other@two.test,i2,2026-09-01,2026-10-21,40.00,2026-11-01

            """
        let taken = try await file.take(more)
        #expect(taken.faults == [])
        #expect(taken.record.counts.customersCreated == 0 && taken.record.counts.customersChanged == 0)
        #expect(taken.record.counts.invoicesCreated == 1 && taken.record.counts.paymentsCreated == 1)
        let name = SourceName("i4", source: "books")
        let record = try RecordInvoice(
            name, customer: .externalID("c2"), dueDate: Self.today.adding(-9),
            total: Money(minor: 5_00, currency: TestTenant.dollar))
        let put = PutCustomer(externalID: "c2", name: "By its old name")
        let (invoice, stated) = try await tenant.write { tx, context in
            (try record.run(in: &tx, context).invoice, try put.run(in: &tx, context))
        }
        #expect(invoice.customer == stays)
        #expect(stated.outcome == .unchanged && stated.customer.id == stays && stated.customer.name == "c1")
        #expect(try await tenant.count("invoice where tenant_id = $t and customer_id = '\(stays.uuid)'") == 4)
        #expect(try await tenant.count("customer where tenant_id = $t") == 2)
        #expect(
            try await tenant.admin("select email from contact where tenant_id = $t order by email")
                == [["ap@one.test"], ["ap@two.test"]])
        let open = "enrolment where tenant_id = $t and status in ('pending', 'active', 'exhausted')"
        #expect(try await tenant.count(open) == 1)
        try await Courier(of: tenant).workInternalLane()
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `of one person there is one no, and what was sent to it by either name counts for all`() async throws {
        let (tenant, courier) = try await Self.made()
        let (old, _) = try await tenant.debtor("Old", email: "ap@old.example")
        #expect(try await courier.live(through: 0) == [0])
        // The other owes at another brand, and has told us no under an address that the old one has as well.
        let stays = try await tenant.customer("Stays", email: "ap@stays.example")
        let other = try await tenant.addBrand("Cooper")
        try await tenant.invoice(of: stays, overdueBy: 10, brand: other)
        try await tenant.write { tx, context in
            _ = try AddContact(
                to: stays, role: .legal, name: "Ada", email: try EmailAddress("Ada@firm.example"), hasOptedOut: true
            ).run(in: &tx, context)
            _ = try AddContact(to: old, role: .manager, name: "Ada", email: try EmailAddress("ada@firm.example"))
                .run(in: &tx, context)
        }
        try await tenant.merge(old, into: stays)
        #expect(
            try await tenant.count("contact where tenant_id = $t and email_key = 'ada@firm.example' and opted_out") == 2
        )
        let contacts = try #require(try await tenant.cases(of: stays).first?.facts.contacts)
        #expect(
            contacts.map(\.email) == ["ap@stays.example", "ap@old.example", "ada@firm.example", "Ada@firm.example"])
        // Written to today at the old address: not today at the new one, nor tomorrow.
        #expect(try await courier.live(through: 7) == [3, 7])
        #expect(
            try await tenant.letters(to: stays).map(\.record.address) == [
                "ap@old.example", "ap@stays.example", "ap@stays.example",
            ])
    }

    @Test func `what cannot be one is refused, and what is one already answers the same`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let other = try await TestTenant.make(in: .current())
        let (one, _) = try await tenant.debtor("One")
        let (two, _) = try await tenant.debtor("Two")
        let (three, _) = try await tenant.debtor("Three")
        let theirs = try await other.customer("Theirs")
        func code(_ customer: ID<Customer>, _ into: ID<Customer>, of tenant: TestTenant) async throws -> String {
            do {
                return try await tenant.merge(customer, into: into).isNew ? "merged" : "again"
            } catch Rejection.invalid(let problems) {
                return "\(problems[0].pointer) \(problems[0].code)"
            } catch Rejection.notFound(let noun) {
                return "no \(noun)"
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            }
        }
        #expect(try await code(one, one, of: tenant) == "/into same_customer")
        #expect(try await code(one, theirs, of: tenant) == "/into unknown_customer")
        #expect(try await code(theirs, one, of: tenant) == "no customer")
        let person = try await tenant.write { tx, context in
            try CreateCustomer(externalID: "p", name: "Pat", kind: .consumer).run(in: &tx, context).customer.id
        }
        #expect(try await code(person, one, of: tenant) == "/into other_kind")
        #expect(try await code(one, two, of: tenant) == "merged")
        #expect(try await code(one, two, of: tenant) == "again")
        #expect(try await code(three, one, of: tenant) == "/into merged_customer")
        #expect(try await code(one, three, of: tenant) == "customer_merged")
        #expect(try await code(two, one, of: tenant) == "/into merged_customer")
        // Whoever led to the second leads to the third at once.
        #expect(try await code(two, three, of: tenant) == "merged")
        let first = try await tenant.read { tx, _ in try tx.customer(one) }
        #expect(first?.mergedInto == three)
        // Nothing is written about one that was merged.
        for write in [
            { tx, context in _ = try AddContact(to: one, name: "X", email: nil).run(in: &tx, context) },
            { tx, context in _ = try AddNote(about: one, "X").run(in: &tx, context) },
            { tx, context in _ = try UpdateCustomer(one, name: .to("X")).run(in: &tx, context) },
            { tx, context in _ = try PlaceHold(on: .customer(one), reason: "x").run(in: &tx, context) },
            { tx, context in
                _ = try RecordInvoice(
                    externalID: "X", customer: one, dueDate: nil, total: Money(minor: 1, currency: TestTenant.dollar)
                ).run(in: &tx, context)
            },
        ] as [@Sendable (inout Transaction, Context) throws -> Void] {
            await #expect(throws: Rejection.self) { try await tenant.write { tx, context in try write(&tx, context) } }
        }
        #expect(try await other.count("customer where tenant_id = $t and merged_into is not null") == 0)
    }

    @Test func `what one lacks is filled in by the other, and what it has stays`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (stays, old) = try await tenant.write { tx, context in
            let own = try TraitChanges(country: .to("US"), attributes: ["plan": .text("gold")])
            let theirs = try TraitChanges(
                country: .to("CA"), owner: .to("Ada"), exclusion: .to("state"),
                attributes: ["plan": .text("iron"), "seats": .text("9")])
            return (
                try CreateCustomer(externalID: "s", name: "Stays", traits: own).run(in: &tx, context).customer.id,
                try CreateCustomer(externalID: "o", name: "Old", zone: Zone("Asia/Tokyo"), traits: theirs)
                    .run(in: &tx, context).customer.id
            )
        }
        let customer = try await tenant.merge(old, into: stays).customer
        #expect(customer.name == "Stays" && customer.zone == Zone("Asia/Tokyo"))
        #expect(
            customer.traits.country == "US" && customer.traits.owner == "Ada" && customer.traits.exclusion == "state")
        #expect(customer.traits.attributes == ["plan": .text("gold"), "seats": .text("9")])
    }
}

extension TestTenant {
    @discardableResult
    func merge(
        _ customer: ID<Customer>, into other: ID<Customer>, at now: Instant = TestTenant.now
    ) async throws -> (customer: CustomerRecord, answer: MergeCustomers.Answer, isNew: Bool) {
        let merge = try MergeCustomers(customer, into: other)
        return try await write(at: now) { tx, context in try merge.run(in: &tx, context) }
    }

    /// What follows a customer when it is merged.
    static let tablesOfCustomers = [
        "contact", "invoice", "payment", "ledger_entry", "posting", "dispute", "promise", "payment_plan", "hold",
        "enrolment", "step_run", "first_contact", "message", "in_app", "task", "note", "handover", "segment_member",
    ]
}
