import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store
import Support
import Testing

extension Scenarios {
    @Suite struct `Payments while reminders go out` {
        /// A customer who pays one invoice, and what the payment's answer said of messages.
        private struct Paid: Sendable {
            let customer: String
            let invoice: String
            let states: [String]
        }

        private struct Tally {
            var withoutMail = 0
            var crossed = 0
            var listed = 0
            /// Mails that ask for money which had been there before, as far as the payer was told.
            var broken: [String] = []

            init(_ paid: [Paid], _ mails: [Mail]) {
                let byRecipient = Dictionary(grouping: mails, by: \.recipient)
                for payer in paid {
                    let mails = byRecipient[Tenant.address(of: payer.customer)] ?? []
                    let asking = mails.filter { $0.text?.contains(payer.invoice) ?? true }
                    if asking.isEmpty {
                        withoutMail += 1
                    } else if asking.count > 1 || payer.states.isEmpty
                        || !Set(payer.states).isSubset(of: ["crossed", "accepted", "unknown"])
                    {
                        broken.append("\(payer.customer): \(asking.count) mails, told of \(payer.states)")
                    } else if payer.states.contains("crossed") {
                        crossed += 1
                    } else {
                        listed += 1
                    }
                }
            }
        }

        /// Every customer pays the invoice that is due first, in full, in any order, while the reminders leave.
        private static func race(_ lines: [Tenant.Line], of tenant: Tenant) async throws -> Tally {
            struct Customer: Decodable, Sendable {
                let id: String
                let externalId: String
            }
            var generator = SeededGenerator()
            print("seed \(generator.seed)")
            let customers: [Customer] = try await tenant.everything("/v1/customers")
            let ids = Dictionary(customers.map { ($0.externalId, $0.id) }) { first, _ in first }
            var seen: Set<String> = []
            let order = lines.filter { seen.insert($0.customer).inserted }.shuffled(using: &generator)
            let pauses = order.map { _ in Int.random(in: 0...40, using: &generator) }
            let turn = Shared(0), sent = Shared(0), paid = Shared<[Paid]>([])
            let world = tenant.world
            try await eventually("the first is sent") { try await world.counts().accepted > 0 }
            let watcher = Task {
                while !Task.isCancelled {
                    let isOver = try await world.number("select count(*) from q.due where kind = 'step'") == 0
                    let accepted = try await world.counts().accepted
                    sent.change { $0 = isOver ? .max : accepted }
                    try await Task.sleep(for: .milliseconds(30))
                }
            }
            defer { watcher.cancel() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        while true {
                            let index = turn.change { turn in
                                defer { turn += 1 }
                                return turn
                            }
                            guard index < order.count, let id = ids[order[index].customer] else { return }
                            try await Task.sleep(for: .milliseconds(pauses[index]))
                            // On a machine where paying is quicker than sending, payments do not run away.
                            try await eventually("sending keeps up") { sent.value >= (index - 30) / 3 }
                            let states = try await pay(order[index], by: id, to: tenant)
                            paid.change {
                                let line = order[index]
                                $0.append(Paid(customer: line.customer, invoice: line.invoice, states: states))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await world.settled()
            #expect(paid.value.count == order.count)
            return Tally(paid.value, try await world.mails())
        }

        /// What the answer says of messages that may have gone out.
        private static func pay(_ line: Tenant.Line, by id: String, to tenant: Tenant) async throws -> [String] {
            struct Payment: Decodable {
                struct Message: Decodable { let state: String }
                let messages: [Message]
            }
            let request = """
                {"external_id": "p-\(line.invoice)", "customer_id": "\(id)", "value_date": "2026-11-24",
                 "amount": {"amount": "\(Tenant.decimal(line.cents))", "currency": "USD"}}
                """
            var answer = try await tenant.ask("POST", "/v1/payments", request)
            // The case was locked for too long: the API asks to come again, and a payer does.
            while answer.status == 503 { answer = try await tenant.ask("POST", "/v1/payments", request) }
            let payment: Payment = try answer.read()
            return payment.messages.map(\.state)
        }

        @Test func `end without a mail, or the payer is told of it`() async throws {
            let lines = Tenant.dueLines(200)
            try await World.lend { world in
                let tenant = try await world.tenant(due: lines.count, dots: 80)
                try await world.start("worker")
                let tally = try await Self.race(lines, of: tenant)
                print("no mail \(tally.withoutMail), crossed \(tally.crossed), already accepted \(tally.listed)")
                #expect(tally.broken == [])
                #expect(tally.withoutMail >= 20)
                #expect(tally.crossed + tally.listed >= 20)
                try await world.recoup("doctor")
            }
        }

        @Test func `are noticed when the gate does not look at the money`() async throws {
            let older = Tenant.dueLines(60)
            let newer = older.map {
                Tenant.Line(customer: $0.customer, invoice: "S-\($0.invoice)", due: "2026-11-11", cents: 900)
            }
            try await World.lend { world in
                let tenant = try await world.tenant(due: 0, dots: 80)
                try await tenant.take(older + newer)
                _ = try await tenant.activate()
                let before = try await Self.debts(of: tenant)
                let twin = try await TwinWorker.start(
                    in: world,
                    gate: { step, facts, now in
                        var blind = facts
                        blind.invoices = before[facts.state.customer] ?? facts.invoices
                        return Gate.verdict(for: step, given: blind, now: now)
                    })
                let tally = try await world.withTwin(twin) { try await Self.race(older, of: tenant) }
                print("the twin wrote of paid invoices to \(tally.broken.count)")
                #expect(!tally.broken.isEmpty)
            }
        }

        /// What everybody owed before the first payment.
        private static func debts(of tenant: Tenant) async throws -> [ID<Customer>: [OpenInvoice]] {
            let id = try #require(ID<Dunning.Tenant>(tenant.id))
            let customers = try await tenant.world.sql("select customer_id::text from customer")
                .compactMap { UUID(uuidString: $0[0]) }.map { ID<Customer>($0) }
            let database = try TwinWorker.database(.worker, of: tenant.world)
            let cases = try await database.read(as: .tenant(id.uuid)) { tx in
                try tx.loadCases(customers: customers, now: TestTenant.now)
            }
            await database.stop()
            return Dictionary(cases.map { ($0.facts.state.customer, $0.facts.invoices) }) { first, _ in first }
        }
    }
}
