import Dispatch
import Foundation
import Gateways
import Logging
import Testing

@Suite struct `Text messages on the wire` {
    static let message = OutgoingText(
        to: "+491701234567", text: "Zahlen & sparen? 50% \"€\"\nIhre Müller GmbH", ref: "att_1",
        callbackURL: "https://recoup.test/in/sms/abc/receipt?ref=att_1")

    private func gateway(
        _ fake: FakeGateway, _ preset: SMSPreset = .generic, sessions: Int = 4, recipe: SMSRecipe? = nil
    ) -> TextGateway {
        TextGateway(
            id: UUID(), isSecure: false, host: "127.0.0.1", port: fake.port, username: "AC 1/x",
            password: Secret("tok"), sender: "+14155550100", sessions: sessions, recipe: recipe ?? preset.recipe)
    }

    private func wires(_ fake: FakeGateway, answerLimit: Duration = .seconds(10)) throws -> TextWires {
        try TextWires(
            sandboxes: ["127.0.0.1:\(fake.port)"], answerLimit: answerLimit, logger: Logger(label: "test"))
    }

    @Test func `are asked of Twilio in its form, with every value in its place`() async throws {
        let fake = FakeGateway { _ in .reply(status: 201, body: #"{"sid":"SM1","status":"queued","code":null}"#) }
        let outcome = try await wires(fake).send(Self.message, through: gateway(fake, .twilio)) { true }
        guard case .accepted(let yes) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(yes.code == 201 && yes.providerID == "SM1")
        let request = try #require(fake.requests.first)
        #expect(request.line == "POST /2010-04-01/Accounts/AC%201%2fx/Messages.json HTTP/1.1")
        #expect(request.headers["authorization"] == "Basic " + Data("AC 1/x:tok".utf8).base64EncodedString())
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        let fields = Dictionary(uniqueKeysWithValues: FormText.fields(of: request.body).map { ($0.name, $0.value) })
        #expect(
            fields == [
                "To": "+491701234567", "From": "+14155550100", "Body": Self.message.text,
                "StatusCallback": Self.message.callbackURL,
            ])
    }

    @Test func `are asked of another gateway in JSON`() async throws {
        let fake = FakeGateway { _ in .reply(status: 202, body: #"{"id":77}"#) }
        let outcome = try await wires(fake).send(Self.message, through: gateway(fake)) { true }
        guard case .accepted(let yes) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(yes.providerID == "77")
        let request = try #require(fake.requests.first)
        #expect(request.headers["authorization"] == "Bearer tok")
        let object = try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: String]
        #expect(object?["text"] == Self.message.text)
        #expect(object?["reference"] == "att_1" && object?["to"] == "+491701234567")
    }

    @Test func `on a kept connection that dies are sent once, and are unknown`() async throws {
        let fake = FakeGateway { $0.number == 2 ? .drop : .reply(status: 201, body: #"{"sid":"SM1"}"#) }
        let (wires, gateway) = (try wires(fake), gateway(fake, .twilio))
        guard case .accepted = await wires.send(Self.message, through: gateway, mayBegin: { true }) else {
            return #expect(Bool(false), "the first one is accepted")
        }
        let second = await wires.send(Self.message, through: gateway) { true }
        guard case .unknown = second else { return #expect(Bool(false), "\(second)") }
        #expect(fake.requests.count == 2)
        #expect(fake.requests.last?.onConnection == 2, "the connection was a kept one")
    }

    @Test func `whose answer is lost, late, a server's fault or unreadable are unknown and not repeated`() async throws
    {
        let answers: [FakeGateway.Answer] = [
            .drop, .wait(seconds: 2, status: 201), .reply(status: 500, body: "oops"), .reply(status: 502, body: ""),
            .reply(status: 408, body: ""), .reply(status: 201, body: "<html>"),
            .reply(status: 201, body: String(repeating: "a", count: 100_000)),
        ]
        for answer in answers {
            let fake = FakeGateway { _ in answer }
            let outcome = try await wires(fake, answerLimit: .milliseconds(500))
                .send(Self.message, through: gateway(fake, .twilio)) { true }
            guard case .unknown = outcome else {
                #expect(Bool(false), "\(answer): \(outcome)")
                continue
            }
            #expect(fake.requests.count == 1)
        }
    }

    @Test func `are refused for what the gateway says, and its words tell no numbers`() async throws {
        let rows: [(status: Int, body: String, kind: Refusal.Kind)] = [
            (400, #"{"code":21211,"message":"The 'To' number +491701234567 is not valid"}"#, .recipient),
            (400, #"{"code":"21610","message":"stopped"}"#, .recipient), (400, #"{"code":30610}"#, .transient),
            (400, #"{"code":1}"#, .content), (401, #"{"code":20003}"#, .gateway), (403, "", .gateway),
            (302, "", .gateway), (429, #"{"code":20429}"#, .throttled), (503, "", .transient), (404, "{}", .content),
        ]
        for row in rows {
            let fake = FakeGateway { _ in .reply(status: row.status, body: row.body, headers: ["Retry-After": "30"]) }
            let outcome = try await wires(fake).send(Self.message, through: gateway(fake, .twilio)) { true }
            guard case .refused(let refusal) = outcome else {
                #expect(Bool(false), "\(row): \(outcome)")
                continue
            }
            #expect(refusal.kind == row.kind, "\(row)")
            #expect(refusal.retryAfter == 30)
            #expect(!refusal.text.contains("4917"))
        }
    }

    @Test func `to a gateway that says yes to everything are judged by its words`() async throws {
        let recipe = try SMSRecipe(
            json: """
                {"request": {"path": "/sms/json", "encoding": "form",
                   "fields": {"to": "{{to}}", "from": "{{from}}", "text": "{{text}}", "api_key": "{{username}}",
                     "api_secret": "{{password}}", "client-ref": "{{ref}}"}, "number_format": "digits"},
                 "answer": {"accepted": [200], "success": {"path": "messages.0.status", "equals": ["0"]},
                   "id": "messages.0.message-id", "code": "messages.0.status", "text": "messages.0.error-text",
                   "rules": [{"code": 1, "means": "throttled"}, {"code": "7", "means": "recipient"}]}}
                """)
        func outcome(_ status: String) async throws -> (WireOutcome, String) {
            let fake = FakeGateway { _ in
                .reply(status: 200, body: #"{"messages":[{"status":"\#(status)","message-id":"m1"}]}"#)
            }
            let outcome = try await wires(fake).send(Self.message, through: gateway(fake, recipe: recipe)) { true }
            return (outcome, fake.requests.first?.body ?? "")
        }
        let (yes, body) = try await outcome("0")
        #expect(yes == .accepted(Acceptance(code: 200, enhanced: nil, text: "", providerID: "m1")))
        #expect(body.contains("to=491701234567&") || body.hasSuffix("to=491701234567"))
        for (status, kind) in [("1", Refusal.Kind.throttled), ("7", .recipient), ("9", .content)] {
            guard case .refused(let refusal) = try await outcome(status).0 else {
                #expect(Bool(false), "status \(status)")
                continue
            }
            #expect(refusal.kind == kind)
        }
    }

    @Test func `go in clear, or to this machine, only where the operator says so`() async throws {
        let fake = FakeGateway { _ in .reply(status: 201, body: #"{"sid":"SM1"}"#) }
        let strict = try TextWires(logger: Logger(label: "test"))
        for isSecure in [false, true] {
            let gateway = TextGateway(
                id: UUID(), isSecure: isSecure, host: "localhost", port: fake.port, username: "a",
                password: Secret("b"), sender: "Recoup", recipe: SMSPreset.twilio.recipe)
            guard case .refused(let refusal) = await strict.send(Self.message, through: gateway, mayBegin: { true })
            else {
                #expect(Bool(false))
                continue
            }
            #expect(refusal.kind == .gateway)
        }
        #expect(fake.requests.isEmpty)
    }

    @Test func `keep to the gateway's number of requests at a time, and a slow gateway keeps no other waiting`()
        async throws
    {
        let slow = FakeGateway { _ in .wait(seconds: 0.15, status: 202) }
        let quick = FakeGateway { _ in .reply(status: 202, body: #"{"id":"1"}"#) }
        let wires = try TextWires(
            sandboxes: ["127.0.0.1:\(slow.port)", "127.0.0.1:\(quick.port)"], logger: Logger(label: "test"))
        let (one, other) = (gateway(slow, sessions: 2), gateway(quick))
        let senders = (0..<6).map { _ in Task { await wires.send(Self.message, through: one) { true } } }
        while slow.requests.count < 2 { try await Task.sleep(for: .milliseconds(2)) }
        guard case .accepted = await wires.send(Self.message, through: other, mayBegin: { true }) else {
            return #expect(Bool(false))
        }
        #expect(slow.requests.count < 6)
        for sender in senders { _ = await sender.value }
        #expect(slow.requests.count == 6)
        #expect(slow.mostAtOnce == 2)
    }

    @Test func `that may not begin, or wait while the process stops, have not begun`() async throws {
        let open = DispatchSemaphore(value: 0)
        let fake = FakeGateway { _ in
            open.wait()
            return .wait(seconds: 0, status: 202)
        }
        let wires = try wires(fake)
        let gateway = gateway(fake, sessions: 1)
        #expect(await wires.send(Self.message, through: gateway) { false } == .notBegun(.fenced))
        async let first = wires.send(Self.message, through: gateway) { true }
        while fake.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        async let second = wires.send(Self.message, through: gateway) { true }
        async let stopped: Void = wires.stop(grace: .seconds(30))
        // Whether it waits already or comes too late.
        #expect(await second == .notBegun(.stopped))
        open.signal()
        await stopped
        // What was under way is seen through.
        if case .notBegun = await first { #expect(Bool(false), "it had begun") }
        #expect(await wires.send(Self.message, through: gateway) { true } == .notBegun(.stopped))
        #expect(fake.requests.count == 1)
    }
}
