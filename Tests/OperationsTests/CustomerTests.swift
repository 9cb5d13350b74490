import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

@Suite(.database) struct `Customers, contacts, holds and tasks` {
    @Test func `the same request again finds the customer it made, another content is a conflict`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let create = try CreateCustomer(externalID: "c1", name: "One", zone: Zone("Europe/Berlin"))
        let first = try await tenant.write { tx, context in try create.run(in: &tx, context) }
        #expect(first.isNew)
        try await tenant.write { tx, context in
            _ = try UpdateCustomer(first.customer.id, name: .to("Renamed")).run(in: &tx, context)
        }
        let second = try await tenant.write { tx, context in try create.run(in: &tx, context) }
        #expect(!second.isNew && second.customer.id == first.customer.id && second.customer.name == "Renamed")
        let other = try CreateCustomer(externalID: "c1", name: "One")
        await #expect(throws: Rejection.conflict(noun: "customer", identifier: "c1")) {
            try await tenant.write { tx, context in _ = try other.run(in: &tx, context) }
        }
        #expect(try await tenant.count("audit_event where tenant_id = $t and action = 'customer.created'") == 1)
    }

    @Test func `a customer is pinned to the tenant's own workflow or none`() async throws {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database)
        let other = try await TestTenant.make(in: database)
        let customer = try await tenant.customer()
        await #expect(throws: Rejection.self) {
            try await tenant.write { tx, context in
                _ = try UpdateCustomer(customer, workflow: .to(other.workflow)).run(in: &tx, context)
            }
        }
        let pinned = try await tenant.write { tx, context in
            try UpdateCustomer(customer, zone: .to(Zone("Asia/Tokyo")), workflow: .to(tenant.workflow)).run(
                in: &tx, context)
        }
        #expect(pinned.workflow == tenant.workflow && pinned.zone?.identifier == "Asia/Tokyo")
        await #expect(throws: Rejection.notFound("customer")) {
            try await other.write { tx, context in
                _ = try UpdateCustomer(customer, name: .to("Mine")).run(in: &tx, context)
            }
        }
    }

    @Test func `opting out stops the next message, and a new address frees a suppressed contact`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        let contact = try await tenant.read { tx, _ in try tx.contacts(of: customer, Page(count: 1))[0] }
        try await tenant.write { tx, context in
            _ = try UpdateContact(contact.id, hasOptedOut: .to(true)).run(in: &tx, context)
        }
        #expect(try await Courier(of: tenant).deliver().isEmpty)
        try await tenant.admin("update contact set suppressed_reason = 'bounced' where tenant_id = $t")
        let same = try await tenant.write { tx, context in
            try UpdateContact(contact.id, name: .to("Someone else"), hasOptedOut: .to(false)).run(in: &tx, context)
        }
        #expect(same.suppressedReason == "bounced")
        let freed = try await tenant.write { tx, context in
            try UpdateContact(contact.id, email: .to(try EmailAddress("Fresh@bluebird.example"))).run(in: &tx, context)
        }
        #expect(freed.suppressedReason == nil && freed.name == "Someone else")
        #expect(
            try await tenant.value("select email_key from contact where tenant_id = $t") == "fresh@bluebird.example")
    }

    @Test func `a hold on a customer keeps its message back until it is released`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        let place = try PlaceHold(on: .customer(customer), reason: "dispute", note: "called")
        let hold = try await tenant.write { tx, context in try place.run(in: &tx, context) }
        let courier = try Courier(of: tenant)
        #expect(try await courier.deliver().isEmpty)
        let released = try await tenant.write { tx, context in try ReleaseHold(hold.id).run(in: &tx, context) }
        #expect(released.releasedAt == TestTenant.now)
        let again = try await tenant.write(at: TestTenant.now.adding(minutes: 1)) { tx, context in
            try ReleaseHold(hold.id).run(in: &tx, context)
        }
        #expect(again.releasedAt == TestTenant.now)
        #expect(try await courier.deliver().count == 1)
    }

    @Test func `an invoice on hold is left out, its neighbours are not`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, held) = try await tenant.debtor(overdueBy: 20)
        let asked = try await tenant.invoice(of: customer, overdueBy: 10)
        let place = try PlaceHold(on: .invoice(held), reason: "dispute")
        let hold = try await tenant.write { tx, context in try place.run(in: &tx, context) }
        #expect(hold.scope == .invoice(held, of: customer))
        #expect(try await Courier(of: tenant).deliver().count == 1)
        let lines = try await tenant.value(
            "select string_agg(invoice_id::text, ' ') from message_line where tenant_id = $t")
        #expect(lines == asked.uuid.uuidString.lowercased())
    }

    @Test func `holds are listed by customer and by whether they are in force`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, invoice) = try await tenant.debtor()
        let now = TestTenant.now
        let placed = try await tenant.write { tx, context in
            [
                try PlaceHold(on: .tenant, reason: "audit").run(in: &tx, context),
                try PlaceHold(on: .brand(tenant.brand), reason: "move", until: now.adding(days: 1)).run(
                    in: &tx, context),
                try PlaceHold(on: .customer(customer), reason: "vip", from: now.adding(days: 2)).run(in: &tx, context),
                try PlaceHold(on: .invoice(invoice), reason: "dispute").run(in: &tx, context),
            ].map(\.id)
        }
        let (all, own, inForce, later) = try await tenant.read { tx, _ in
            let page = Page<Hold>(count: 10)
            return (
                try tx.holds(page), try tx.holds(page, of: customer), try tx.holds(page, inForceAt: now),
                try tx.holds(page, inForceAt: now.adding(days: 3))
            )
        }
        #expect(Set(all.map(\.id)) == Set(placed) && all.count == 4)
        #expect(Set(own.map(\.id)) == [placed[2], placed[3]])
        #expect(Set(inForce.map(\.id)) == [placed[0], placed[1], placed[3]])
        #expect(Set(later.map(\.id)) == [placed[0], placed[2], placed[3]])
    }

    @Test func `a hold names what is the tenant's own, ends in the future, and has a word for its reason`() async throws
    {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database)
        let other = try await TestTenant.make(in: database)
        let (customer, invoice) = try await other.debtor()
        for (target, code) in [
            (PlaceHold.Target.customer(customer), "unknown_customer"), (.invoice(invoice), "unknown_invoice"),
            (.brand(other.brand), "unknown_brand"),
        ] {
            let place = try PlaceHold(on: target, reason: "dispute")
            await #expect {
                try await tenant.write { tx, context in _ = try place.run(in: &tx, context) }
            } throws: { error in
                guard case .invalid(let problems) = error as? Rejection else { return false }
                return problems.map(\.code) == [code]
            }
        }
        let past = try PlaceHold(on: .tenant, reason: "audit", until: TestTenant.now)
        await #expect(throws: Rejection.self) {
            try await tenant.write { tx, context in _ = try past.run(in: &tx, context) }
        }
        #expect(throws: Rejection.self) { try PlaceHold(on: .tenant, reason: "Not a word") }
        #expect(try await tenant.count("hold where tenant_id = $t") == 0)
    }

    @Test func `a task is closed once, and says what came of it`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        try await tenant.write { tx, context in
            let task = NewTask(kind: .call, customer: customer, title: "Call", script: "", deadline: context.now)
            try tx.openTasks([task], at: context.now)
        }
        let open = try await tenant.read { tx, _ in try tx.tasks(Page(count: 10), TaskFilter(state: .open)) }
        #expect(open.map(\.title) == ["Call"])
        let done = try CloseTask(open[0].id, .done(.promised), note: "Friday")
        let closed = try await tenant.write { tx, context in try done.run(in: &tx, context) }
        #expect(closed.state == .done && closed.outcome == "promised" && closed.note == "Friday")
        await #expect(throws: Rejection.forbiddenByState(code: "task_closed", detail: "the task is not open any more"))
        {
            try await tenant.write { tx, context in _ = try done.run(in: &tx, context) }
        }
        #expect(try await tenant.read { tx, _ in try tx.tasks(Page(count: 10), TaskFilter(state: .open)).isEmpty })
    }
}
