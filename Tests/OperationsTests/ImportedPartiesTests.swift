import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

/// What files say of customers beside what they owe.
@Suite(.database) struct ImportedPartiesTests {
    private static let header =
        "cust,name,country,owner,exclusion,risk,method,segment,lang,zone,mail,phone,inv,due,amount\n"

    private static func file(_ tenant: TestTenant) throws -> ImportFixture {
        try ImportFixture(
            tenant,
            try ImportMapping(sources: [
                .customerExternalID: .column("cust"), .customerName: .column("name"),
                .customerCountry: .column("country"), .customerOwner: .column("owner"),
                .customerExclusion: .column("exclusion"), .customerRiskBand: .column("risk"),
                .customerCollectionMethod: .column("method"), .customerSegment: .column("segment"),
                .customerLocale: .column("lang"), .customerZone: .column("zone"), .contactEmail: .column("mail"),
                .contactPhone: .column("phone"), .invoiceExternalID: .column("inv"), .invoiceDueDate: .column("due"),
                .invoiceAmount: .column("amount"), .invoiceCurrency: .constant("USD"),
            ]))
    }

    private static func customer(_ name: String, of tenant: TestTenant) async throws -> CustomerRecord {
        try await tenant.read { tx, _ in try #require(try tx.customer(named: name).flatMap { try tx.customer($0) }) }
    }

    private static func contact(_ name: String, of tenant: TestTenant) async throws -> ContactRecord {
        let id = try await customer(name, of: tenant).id
        return try await tenant.read { tx, _ in
            let contacts = try tx.contacts(of: id, Page(count: 5))
            #expect(contacts.count == 1)
            return try #require(contacts.first)
        }
    }

    private static func lists(_ tenant: TestTenant) async throws -> [String] {
        try await tenant.admin(
            """
            select s.name || ' ' || c.external_id from segment_member m
            join segment s using (tenant_id, segment_id) join customer c using (tenant_id, customer_id)
            where m.tenant_id = $t order by 1
            """
        ).compactMap { $0[0] }
    }

    @Test func `who a customer is: country, collector, risk, way of paying, language, zone, list and number`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let file = try Self.file(tenant)
        let first = try await file.take(
            """
            c1,Ada & Sons,de,Kim,,HIGH,send_invoice,gold,de,Europe/Berlin,ada@a.test,+49 170 1234567,i1,2026-11-01,100.00
            c2,Bob,,,,,,,,,,+1 415 555 0199,i2,2026-11-01,50.00

            """, header: Self.header)
        #expect(first.errors.isEmpty, "\(first.faults)")
        let ada = try await Self.customer("c1", of: tenant)
        #expect(
            ada.traits
                == CustomerTraits(country: "DE", owner: "Kim", riskBand: .high, collectionMethod: .sendInvoice))
        #expect(ada.locale?.text == "de" && ada.zone?.identifier == "Europe/Berlin")
        #expect(try await Self.contact("c1", of: tenant).phone?.text == "+491701234567")
        // Who has a number alone can be sent texts.
        let bob = try await Self.contact("c2", of: tenant)
        #expect(bob.email == nil && bob.phone?.text == "+14155550199")
        #expect(try await Self.customer("c2", of: tenant).traits == CustomerTraits())
        #expect(try await Self.lists(tenant) == ["gold c1"])

        // A later file changes what it says, keeps what it leaves out, and an exclusion ends the case.
        let courier = try Courier(of: tenant)
        try await courier.workInternalLane()
        #expect(try await tenant.cases(of: ada.id).count == 1)
        let second = try await file.take("c1,,FR,,insolvency,low,,silver,,,,,,,\n", header: Self.header)
        #expect(second.errors.isEmpty && second.record.counts.customersChanged == 1, "\(second.faults)")
        try await courier.workInternalLane()
        let changed = try await Self.customer("c1", of: tenant)
        #expect(
            changed.traits
                == CustomerTraits(
                    country: "FR", owner: "Kim", exclusion: "insolvency", riskBand: .low,
                    collectionMethod: .sendInvoice))
        #expect(changed.name == "Ada & Sons")
        #expect(try await Self.lists(tenant) == ["gold c1", "silver c1"])
        #expect(try await tenant.cases(of: ada.id).isEmpty)
        let third = try await file.take("c1,,FR,,insolvency,low,,silver,,,,,,,\n", header: Self.header)
        #expect(third.record.counts.customersChanged == 0)
    }

    @Test func `rows that are wrong say where, and take nothing in`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let taken = try await Self.file(tenant).take(
            """
            c1,,XX,,,,,,,,,,,,
            c2,,,,Because I say so,,,,,,,,,,
            c3,,,,,extreme,,,,,,,,,
            c4,,,,,,cash,,,,,,,,
            c5,,,,,,,,,,,0170 1234567,,,
            c6,,DE,Kim,,,,,,,,,,,
            c6,,DE,Lee,,,,,,,,,,,

            """, header: Self.header)
        #expect(
            taken.faults.prefix(5) == [
                "1 customer.country unknown_country", "2 customer.exclusion not_a_word",
                "3 customer.risk_band unknown_value", "4 customer.collection_method unknown_value",
                "5 contact.phone bad_phone",
            ], "\(taken.faults)")
        #expect(taken.faults.dropFirst(5).allSatisfy { $0.hasSuffix("contradiction") } && taken.faults.count == 7)
        #expect(try await tenant.count("customer where tenant_id = $t and external_id = 'c6'") == 0)
    }

    @Test func `a list that is a condition is joined by nobody, a rule looks at the others`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let firm = try await tenant.ladder("Firm", day: 1)
        let condition = try TestTenant.condition(#"{"field": "oldest_age", "at_least": 60}"#)
        let list = try SaveSegment(.new(name: "gold", condition: nil))
        let old = try SaveSegment(.new(name: "old", condition: condition))
        try await tenant.write { tx, context in
            _ = try list.run(in: &tx, context)
            _ = try old.run(in: &tx, context)
        }
        try await tenant.rule("Gold", #"{"field": "segment", "is": "gold"}"#, firm, priority: 1)
        _ = try await Self.file(tenant).take(
            """
            c1,,,,,,,gold,,,a@a.test,,i1,2026-11-01,100.00
            c2,,,,,,,old,,,b@a.test,,i2,2026-11-01,100.00

            """, header: Self.header)
        #expect(try await Self.lists(tenant) == ["gold c1"])
        for (name, workflow) in [("c1", firm), ("c2", tenant.workflow)] {
            let id = try await Self.customer(name, of: tenant).id
            #expect(try await tenant.cases(of: id).first?.facts.workflow.workflow == workflow)
        }
    }

    @Test func `a changed address of a later file is written to, and what somebody corrected stays until then`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let file = try Self.file(tenant)
        func take(_ mail: String, _ phone: String = "") async throws -> Int {
            let taken = try await file.take(
                "c1,,,,,,,,,,\(mail),\(phone),i1,2026-11-01,100.00\n", header: Self.header)
            #expect(taken.errors.isEmpty, "\(taken.faults)")
            return taken.record.counts.customersChanged
        }
        #expect(try await take("old@a.test") == 0)
        let courier = try Courier(of: tenant)
        try await courier.workInternalLane()
        try await tenant.admin(
            "update contact set suppressed_reason = 'hard_bounce' where tenant_id = $t; update enrolment set entry_policy = null, status = 'active' where tenant_id = $t"
        )
        // The new address is free of what was held against the old one.
        #expect(try await take("new@a.test") == 1)
        var contact = try await Self.contact("c1", of: tenant)
        #expect(contact.email?.text == "new@a.test" && contact.suppressedReason == nil)
        try await courier.workInternalLane()
        #expect(try await courier.deliver().map(\.recipient) == ["new@a.test"])
        // Somebody corrects it here; the file that says what it said before does not undo that.
        let correct = try UpdateContact(contact.id, email: .to(try EmailAddress("right@a.test")))
        try await tenant.write { tx, context in _ = try correct.run(in: &tx, context) }
        #expect(try await take("new@a.test") == 0)
        #expect(try await Self.contact("c1", of: tenant).email?.text == "right@a.test")
        // A number comes in addition, and the source has learned of the next address.
        #expect(try await take("newest@a.test", "+14155550199") == 1)
        contact = try await Self.contact("c1", of: tenant)
        #expect(contact.email?.text == "newest@a.test" && contact.phone?.text == "+14155550199")
        #expect(try await tenant.count("contact where tenant_id = $t") == 1)
    }
}
