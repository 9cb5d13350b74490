import Gateways
import Testing

/// A misbehaviour of a relay, what is to come of it, and how many copies the relay believes to have.
struct Fault: CustomTestStringConvertible, Sendable {
    var name: String
    var script: RelayScript
    var word: String
    var copies = 0
    var connections = 1
    var tls = MailGateway.TLS.none
    var hasLogin = false
    var isImpatient = false

    var testDescription: String { name }
}

@Suite(.timeLimit(.minutes(5))) struct `A misbehaving relay` {
    static let dialogue: [Fault] = [
        Fault(name: "agreeable", script: RelayScript(), word: "accepted", copies: 1),
        Fault(name: "greeting 421", script: .step("GREETING", .reply, "421 busy"), word: "transient"),
        Fault(name: "greeting 554", script: .step("GREETING", .reply, "554 blocked"), word: "transient"),
        Fault(name: "greeting drop", script: .step("GREETING", .drop), word: "transient"),
        Fault(name: "greeting reset", script: .step("GREETING", .reset), word: "transient"),
        Fault(name: "EHLO drop", script: .step("EHLO", .drop), word: "transient"),
        Fault(name: "MAIL 421", script: .step("MAIL", .reply, "421 4.3.2 closing"), word: "throttled"),
        Fault(name: "MAIL 451", script: .step("MAIL", .reply, "451 4.3.0 later"), word: "transient"),
        Fault(name: "MAIL 553", script: .step("MAIL", .reply, "553 5.1.8 who are you"), word: "sender"),
        Fault(name: "RCPT 450", script: .step("RCPT", .reply, "450 4.2.0 later"), word: "transient"),
        Fault(name: "RCPT 550", script: .step("RCPT", .reply, "550 5.1.1 no such user"), word: "recipient"),
        Fault(name: "RCPT policy", script: .step("RCPT", .reply, "550 5.7.1 no"), word: "sender"),
        Fault(name: "DATA 451", script: .step("DATA", .reply, "451 4.3.0 later"), word: "transient"),
        Fault(name: "DATA 554", script: .step("DATA", .reply, "554 5.6.0 no"), word: "content"),
        Fault(name: "MAIL drop", script: .step("MAIL", .drop), word: "transient", connections: 2),
        Fault(name: "RCPT drop", script: .step("RCPT", .drop), word: "transient", connections: 2),
        Fault(name: "DATA reset", script: .step("DATA", .reset), word: "transient", connections: 2),
        Fault(
            name: "RCPT drop once", script: .step("RCPT", .drop, on: [0]), word: "accepted", copies: 1, connections: 2),
        Fault(
            name: "RCPT hang", script: .step("RCPT", .hang, seconds: 6), word: "transient", isImpatient: true),
    ]

    static let atTheDot: [Fault] = [
        Fault(name: "dot 251", script: .step("DOT", .reply, "251 2.1.5 will forward"), word: "accepted"),
        Fault(name: "dot in two lines", script: .step("DOT", .reply, "250-2.0.0 a\r\n250 2.0.0 b"), word: "accepted"),
        Fault(name: "dot 451", script: .step("DOT", .reply, "451 4.3.0 later"), word: "transient"),
        Fault(name: "dot 554", script: .step("DOT", .reply, "554 5.7.1 spam"), word: "sender"),
        Fault(name: "dot drop", script: .step("DOT", .drop), word: "unknown"),
        Fault(name: "dot reset", script: .step("DOT", .reset), word: "unknown"),
        Fault(name: "dot partial", script: .step("DOT", .partial, "250 2.0"), word: "unknown"),
        Fault(name: "dot partial line", script: .step("DOT", .partial, "250-2.0.0 a\r\n"), word: "unknown"),
        Fault(name: "dot hang", script: .step("DOT", .hang, seconds: 6), word: "unknown", isImpatient: true),
    ]

    static let security: [Fault] = [
        Fault(
            name: "EHLO refused", script: .step("EHLO", .reply, "502 5.5.1 what"), word: "gateway", tls: .starttls),
        Fault(name: "STARTTLS not offered", script: RelayScript(), word: "gateway", tls: .starttls),
        Fault(
            name: "STARTTLS refused",
            script: {
                var script = RelayScript.step("STARTTLS", .reply, "454 4.7.0 not now")
                script.tls = .starttls
                return script
            }(), word: "gateway", tls: .starttls),
        Fault(name: "certificate of nobody", script: RelayScript(tls: .starttls), word: "gateway", tls: .starttls),
        Fault(name: "implicit, of nobody", script: RelayScript(tls: .implicit), word: "gateway", tls: .implicit),
        Fault(
            name: "wrong password", script: RelayScript(login: "other", requiresLogin: true), word: "gateway",
            hasLogin: true),
        Fault(
            name: "login not offered", script: RelayScript(requiresLogin: true), word: "gateway", hasLogin: true),
        Fault(
            name: "login later",
            script: {
                var script = RelayScript.step("AUTH", .reply, "454 4.7.0 later")
                script.login = "word"
                return script
            }(), word: "throttled", hasLogin: true),
        Fault(
            name: "right password", script: RelayScript(login: "word", requiresLogin: true), word: "accepted",
            copies: 1,
            hasLogin: true),
    ]

    @Test(arguments: dialogue + atTheDot + security)
    func `leads to the outcome of the table and to no second copy`(fault: Fault) async throws {
        let relay = try FakeRelay(fault.script)
        var limits = MailLimits()
        if fault.isImpatient { limits.reply = .seconds(2) }
        // The certificate is for localhost, so that only its signature can be what is refused.
        let gateway = relay.gateway(
            tls: fault.tls, host: fault.tls == .none ? "127.0.0.1" : "localhost",
            username: fault.hasLogin ? "acme" : nil, password: fault.hasLogin ? "word" : nil)
        let outcome = await relay.sessions(limits: limits).send(.to("b@ex.test"), through: gateway)
        #expect(outcome.word == fault.word, "\(outcome)")
        #expect(try relay.count("opened") == fault.connections)
        #expect(try relay.count("accepted") == fault.copies)
        if fault.word == "unknown" { #expect(try relay.count("mail") == 1) }
        if fault.tls != .none { #expect(try relay.count("mail") == 0, "nothing may be said in clear") }
    }

    @Test func `a connection cut inside a big body is a plain failure`() async throws {
        let relay = try FakeRelay(.step("BODY", .drop))
        let big = String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 120_000)
        let outcome = await relay.sessions().send(.to("b@ex.test", body: big), through: relay.gateway())
        #expect(outcome.word == "transient", "\(outcome)")
        #expect(try relay.count("opened") == 1)
    }

    @Test func `a greeting that never comes ends with the connect limit`() async throws {
        let relay = try FakeRelay(.step("GREETING", .hang, seconds: 6))
        let limits = MailLimits(connect: .milliseconds(500))
        let outcome = await relay.sessions(limits: limits).send(.to("b@ex.test"), through: relay.gateway())
        #expect(outcome.refusal?.kind == .transient)
        #expect(outcome.refusal?.strikesGateway == true)
        #expect(outcome.refusal?.stage == "greeting")
    }

    @Test func `a failed handshake is an accident once and a setting twice`() async throws {
        let relay = try FakeRelay()
        let sessions = relay.sessions(limits: MailLimits(connect: .seconds(2)))
        let gateway = relay.gateway(tls: .implicit)
        #expect(await sessions.send(.to("b@ex.test"), through: gateway).word == "transient")
        #expect(await sessions.send(.to("b@ex.test"), through: gateway).word == "gateway")
    }

    @Test func `a certificate we trust lets the mail through, encrypted`() async throws {
        for (served, wanted) in [(RelayScript.TLS.starttls, MailGateway.TLS.starttls), (.implicit, .implicit)] {
            let relay = try FakeRelay(RelayScript(tls: served))
            let sessions = relay.sessions(trusting: relay.certificate)
            let outcome = await sessions.send(.to("b@ex.test"), through: relay.gateway(tls: wanted, host: "localhost"))
            #expect(outcome.word == "accepted", "\(outcome)")
            #expect(try relay.count("secured") == 1)
        }
    }

    @Test func `a certificate for another name is refused`() async throws {
        let relay = try FakeRelay(RelayScript(tls: .starttls), certified: "elsewhere.test")
        let sessions = relay.sessions(trusting: relay.certificate)
        let outcome = await sessions.send(.to("b@ex.test"), through: relay.gateway(tls: .starttls, host: "localhost"))
        #expect(outcome.refusal?.kind == .gateway)
        #expect(outcome.refusal?.curlCode == 60)
        #expect(try relay.count("mail") == 0)
    }
}
