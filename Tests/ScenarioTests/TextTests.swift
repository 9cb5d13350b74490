import Foundation
import Support
import Testing

extension Scenarios {
    @Suite struct `Text messages` {
        private struct Text: Decodable, Sendable {
            let seq: Int
            let to: String
            let text: String
            let ref: String?
            let outcome: String
            let request: Int
        }

        private struct Message: Decodable, Sendable {
            let id: String
            let address: String
            let channel: String
            let state: String
            let delivery: String?
        }

        /// A tenant whose first step is a text message, falling back to mail, and its gateway.
        private static func tenant(in world: World, sessions: Int) async throws -> (tenant: Tenant, gateway: String) {
            let tenant = try await world.tenant(due: 0, dots: 0)
            let gateway = try await tenant.textFirst(sessions: sessions)
            return (tenant, gateway)
        }

        private static func debtor(_ tenant: Tenant, phone: String?, email: String? = nil) async throws {
            let name = phone ?? email ?? ""
            let customer = try await tenant.create(
                "/v1/customers", #"{"external_id": "\#(name)", "name": "Customer \#(name)"}"#)
            var contact = [#""name": "Ada""#]
            if let phone { contact.append(#""phone": "\#(phone)""#) }
            if let email { contact.append(#""email": "\#(email)""#) }
            _ = try await tenant.create("/v1/customers/\(customer)/contacts", "{\(contact.joined(separator: ", "))}")
            _ = try await tenant.create(
                "/v1/invoices",
                """
                {"external_id": "R \(name)", "customer_id": "\(customer)", "due_date": "2026-11-10",
                 "amount": {"amount": "100.00", "currency": "USD"}}
                """)
        }

        private static func put(_ world: World, _ path: String, _ json: String) async throws {
            let answer = try await world.relay.ask("PUT", path, json)
            guard answer.status == 200 else { throw Unhelpful(answer.text) }
        }

        private static func post(_ world: World, _ path: String, _ json: String) async throws -> [Int] {
            struct Answer: Decodable { let statuses: [Int] }
            let answer: Answer = try await world.relay.ask("POST", path, json).read()
            return answer.statuses
        }

        private static func texts(_ world: World) async throws -> [Text] {
            try await world.relay.ask("GET", "/texts/journal").read()
        }

        /// Until so many messages have ended, and nothing is due any more.
        private static func landed(_ count: Int, in world: World) async throws {
            try await eventually("\(count) messages have landed", every: .milliseconds(50)) {
                try await world.number("select count(*) from message where state not in ('sending', 'retrying')")
                    == count
            }
            try await world.settled()
        }

        private static func messages(_ tenant: Tenant) async throws -> [String: Message] {
            let messages: [Message] = try await tenant.everything("/v1/messages")
            return Dictionary(messages.map { ($0.address, $0) }) { first, _ in first }
        }

        @Test func `go out, are reported on, fall back to mail, and stop where somebody says so`() async throws {
            try await World.lend { world in
                let (tenant, gateway) = try await Self.tenant(in: world, sessions: 4)
                let (good, lost, fault, dead, stopped) = (
                    "+491700000001", "+491700000002", "+491700000003", "+491700000004", "+491700000005"
                )
                for phone in [good, lost, fault, stopped] { try await Self.debtor(tenant, phone: phone) }
                try await Self.debtor(tenant, phone: dead, email: "dead@debtor.example")
                try await Self.debtor(tenant, phone: nil, email: "mail@debtor.example")
                try await Self.put(
                    world, "/texts/reactions",
                    """
                    [{"to": "\(lost)", "action": "accept_then_drop"},
                     {"to": "\(fault)", "action": "accept_then_reply", "status": 500},
                     {"to": "\(dead)", "action": "reply", "status": 400, "code": "21614"}]
                    """)
                struct Shown: Decodable {
                    let inboundUrl: String
                    let refusedHooks: Int
                }
                let shown: Shown = try await tenant.ask("GET", "/v1/gateways/\(gateway)").read()
                func inbound(_ from: String, _ text: String, forged: Bool = false) async throws -> [Int] {
                    try await Self.post(
                        world, "/texts/inbound",
                        """
                        {"url": "\(shown.inboundUrl)", "gateway": "twilio", "secret": "token", "from": "\(from)",
                         "to": "+14155550100", "text": "\(text)", "forged": \(forged)}
                        """)
                }
                #expect(try await inbound(good, "STOP", forged: true) == [403])
                #expect(try await inbound(stopped, "stop") == [204])
                _ = try await tenant.activate()
                try await world.start("worker")
                try await Self.landed(6, in: world)

                let texts = try await Self.texts(world)
                #expect(texts.filter { $0.outcome == "accepted" }.map(\.to).sorted() == [good, lost, fault])
                #expect(texts.allSatisfy { $0.ref?.hasPrefix("att_") == true })
                #expect(texts.first?.text == "Acme: $100.00 is overdue. Reply STOP to stop.")
                #expect(
                    try await world.mails().map(\.recipient).sorted() == ["dead@debtor.example", "mail@debtor.example"])
                var messages = try await Self.messages(tenant)
                #expect(messages[good]?.state == "accepted" && messages[good]?.delivery == nil)
                #expect(messages[lost]?.state == "unknown" && messages[fault]?.state == "unknown")
                #expect(messages[dead]?.state == "refused")
                #expect(messages["dead@debtor.example"]?.channel == "email")
                #expect(messages[stopped] == nil)

                // Reports: forged, then in the wrong order and twice.
                let seqs = Dictionary(texts.map { ($0.to, $0.seq) }) { first, _ in first }
                func report(_ phone: String, _ json: String) async throws -> [Int] {
                    try await Self.post(world, "/texts/journal/\(seqs[phone] ?? 0)/receipts", json)
                }
                #expect(try await report(fault, #"{"state": "delivered", "forged": true, "times": 2}"#) == [403, 403])
                #expect(try await Self.messages(tenant)[fault]?.state == "unknown")
                #expect(try await report(fault, #"{"state": "delivered", "times": 2}"#) == [204, 204])
                #expect(try await report(fault, #"{"state": "sent"}"#) == [204])
                #expect(try await report(lost, #"{"state": "sent"}"#) == [204])
                messages = try await Self.messages(tenant)
                #expect(messages[fault]?.state == "accepted" && messages[fault]?.delivery == "delivered")
                #expect(messages[lost]?.state == "accepted" && messages[lost]?.delivery == "sent")
                let after: Shown = try await tenant.ask("GET", "/v1/gateways/\(gateway)").read()
                #expect(after.refusedHooks == 3)
                #expect(try await world.relay.ask("GET", "/texts").text.contains("is overdue"))
            }
        }

        @Test func `on a kept connection that dies on its second request leave once, and are unknown`() async throws {
            try await World.lend { world in
                let (tenant, _) = try await Self.tenant(in: world, sessions: 1)
                for number in 1...5 { try await Self.debtor(tenant, phone: "+49170000000\(number)") }
                try await Self.put(
                    world, "/texts/reactions", #"[{"on_request": 2, "first": 2, "action": "accept_then_drop"}]"#)
                _ = try await tenant.activate()
                try await world.start("worker")
                try await Self.landed(5, in: world)
                let texts = try await Self.texts(world)
                #expect(texts.count == 5 && Set(texts.map(\.to)).count == 5 && Set(texts.compactMap(\.ref)).count == 5)
                let dropped = Set(texts.filter { $0.request == 2 }.prefix(2).map(\.to))
                print(
                    "requests by connection: \(texts.map(\.request)); dropped after they were taken: \(dropped.count)")
                #expect(dropped.count == 2)
                let messages = try await Self.messages(tenant)
                #expect(Set(messages.values.filter { $0.state == "unknown" }.map(\.address)) == dropped)
                #expect(messages.values.count { $0.state == "accepted" } == 3)
            }
        }
    }
}
