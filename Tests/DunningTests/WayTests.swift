import Testing

@testable import Dunning

private typealias Make = CaseFixture

/// By which address a step reaches somebody.
@Suite struct `The way a step takes` {
    private static let noon = "2026-11-06 12:00"

    private func facts(_ fallback: Step.Fallback?, _ contacts: [Reachable], kind: Step.Kind = .sms) -> CaseFacts {
        let step = Step(key: "text", kind: kind, timing: .afterDue(3), fallback: fallback)
        var facts = Make.facts(
            [Make.invoice(1, due: "2026-11-03")], workflow: Make.workflow([step]), contacts: contacts)
        facts.brand = BrandRules(
            id: facts.brand.id, zone: Make.newYork, gateway: ID(Make.uuid(4)), smsGateway: ID(Make.uuid(14)))
        return facts
    }

    private let step = PlannedStep(
        key: "text", kind: .sms, occurrence: Int(Make.day("2026-11-03").number), stage: 1,
        dueAt: Make.at("2026-11-06 10:00"))

    private func person(
        _ number: Int, email: String? = nil, phone: String? = nil, optedOut: Bool = false, stopped: Bool = false
    ) -> Reachable {
        Reachable(
            id: ID(Make.uuid(900 + number)), name: "Contact \(number)", email: email, key: email, phone: phone,
            hasOptedOut: optedOut, hasStoppedTexts: stopped)
    }

    @Test func `is the step's own channel where somebody has it`() {
        let both = person(1, email: "a@x.test", phone: "+491701234567")
        for fallback in [nil, Step.Fallback.channel(.email), .nextContact] {
            let way = facts(fallback, [both]).way(for: "text")
            #expect(way == Way(both, by: .sms))
            #expect(way?.address == "+491701234567" && way?.key == "+491701234567")
        }
        #expect(facts(nil, [both], kind: .email).way(for: "text") == Way(both, by: .email))
    }

    @Test func `falls back to the other channel of the same contact, and the trace says so`() {
        let mail = person(1, email: "a@x.test"), other = person(2, phone: "+491701234567")
        #expect(facts(.channel(.email), [mail, other]).way(for: "text")?.contact == mail)
        #expect(facts(.channel(.email), [mail, other]).way(for: "text")?.channel == .email)
        #expect(facts(.nextContact, [mail, other]).way(for: "text")?.contact == other)
        #expect(facts(nil, [mail, other]).way(for: "text") == Way(other, by: .sms))
        let gated = Gate.verdict(for: step, given: facts(.channel(.email), [mail]), now: Make.at(Self.noon))
        #expect(gated.verdict == .send(facts(.channel(.email), [mail]).way(for: "text")!, facts(nil, []).invoices))
        #expect(
            gated.trace.contains {
                $0.check == "fallback" && $0.passed
                    && $0.detail == "\(mail.id) has no address for sms; by email instead"
            })
    }

    @Test func `leaves a number that was stopped or refused`() {
        let stopped = person(1, email: "a@x.test", phone: "+491701234567", stopped: true)
        #expect(facts(.channel(.email), [stopped]).way(for: "text")?.channel == .email)
        let both = person(1, email: "a@x.test", phone: "+491701234567")
        #expect(facts(.channel(.email), [both]).suppressing(both.id, for: .sms).way(for: "text")?.channel == .email)
        #expect(facts(nil, [both]).suppressing(both.id, for: .sms).way(for: "text") == nil)
    }

    @Test func `is none where nobody can be reached, for a reason`() {
        func verdict(_ fallback: Step.Fallback?, _ contacts: [Reachable]) -> String {
            Gate.verdict(for: step, given: facts(fallback, contacts), now: Make.at(Self.noon)).summary
        }
        let stopped = person(1, phone: "+491701234567", stopped: true)
        #expect(verdict(nil, []) == "skip no_address")
        #expect(verdict(nil, [person(1, email: "a@x.test")]) == "skip no_address")
        #expect(verdict(nil, [stopped]) == "skip opted_out")
        #expect(verdict(.nextContact, [stopped, person(2, phone: "+14155550100", optedOut: true)]) == "skip opted_out")
        #expect(
            verdict(nil, [person(1, email: "a@x.test", phone: "+491701234567", optedOut: true)]) == "skip opted_out")
        #expect(verdict(.channel(.email), [person(1)]) == "skip no_address")
    }

    @Test func `waits for a gateway of its channel`() {
        var facts = facts(nil, [person(1, phone: "+491701234567")])
        facts.brand = Make.brand()
        #expect(Gate.verdict(for: step, given: facts, now: Make.at(Self.noon)).summary == "wait no_gateway")
        #expect(Gate.internalVerdict(for: step, given: facts, now: Make.at(Self.noon)).summary == "wait no_gateway")
    }

    @Test func `counts a person once, by mail and by text message alike`() {
        let both = person(1, email: "a@x.test", phone: "+491701234567")
        var facts = facts(nil, [both])
        facts.contactedDays["a@x.test"] = [Make.day("2026-11-05")]
        #expect(Gate.verdict(for: step, given: facts, now: Make.at(Self.noon)).summary == "wait cap")
        // Three days in a week, two of them by mail.
        facts.contactedDays = [
            "a@x.test": [Make.day("2026-10-31"), Make.day("2026-11-02")], "+491701234567": [Make.day("2026-11-04")],
        ]
        #expect(Gate.verdict(for: step, given: facts, now: Make.at(Self.noon)).summary == "wait cap")
        facts.contactedDays = ["b@x.test": [Make.day("2026-11-05")]]
        #expect(Gate.verdict(for: step, given: facts, now: Make.at(Self.noon)).summary == "send INV-1")
    }

    @Test func `counts as a contact of the ladder, whichever channel it is`() {
        let workflow = Make.workflow([
            Step(key: "mail", kind: .email, timing: .afterDue(3)), Step(key: "text", kind: .sms, timing: .afterDue(10)),
            Step(key: "last", kind: .email, timing: .afterDue(20)),
        ])
        #expect(workflow.stages == [1, 2, 3])
        #expect(workflow.rung(ofStage: 2) == 1 && workflow.stage(byAge: 12) == 2)
    }
}

@Suite struct `The text-message part of a template` {
    private func problems(_ sms: String, mail: Bool = false) -> [String] {
        let source =
            mail
            ? TemplateSource(subject: "{{total}}", text: "", html: "", sms: sms)
            : TemplateSource(subject: "", text: "", html: "", sms: sms)
        return TemplateLint.problems(in: source).map { "\($0.part.rawValue) \($0.code.rawValue)" }
    }

    @Test func `may stand alone, and a mail is a whole one or none`() {
        #expect(problems("Please pay {{total}}.") == [])
        #expect(problems("Please pay {{total}}.", mail: true).contains("text body_empty"))
        let alone = TemplateSource(subject: "", text: " ", html: "", sms: "x")
        #expect(!alone.hasMail && alone.speaks(by: .sms) && !alone.speaks(by: .email))
        #expect(TemplateSource(subject: "", text: "", html: "").hasMail, "so that the lint says what is missing")
    }

    @Test func `is refused where it cannot be written, and warned of where it is dear`() {
        #expect(problems(" ").contains("sms body_empty"))
        #expect(problems("{{nonsense}}") == ["sms unknown_field"])
        #expect(problems("{{> footer}} {{total}}") == ["sms partial_not_allowed"])
        #expect(problems("Pay {{total}} – now") == ["sms text_alphabet"])
        #expect(problems("Pay {{total}} " + String(repeating: "a", count: 500)) == ["sms text_long"])
    }

    @Test func `is written without blanks at its ends, and its parts are counted with sample invoices`() throws {
        let source = TemplateSource(
            subject: "", text: "", html: "",
            sms: "\n{{#invoices}}{{number}}: {{open}}\n{{/invoices}}{{total}} {{brand.name}}\n")
        let segments = try #require(TextLint.segments(of: source, locale: .english))
        #expect(segments.count == 1 && segments.encoding == .gsm7)
        #expect(TextLint.segments(of: TemplateSource(subject: "a", text: "b", html: "c"), locale: .english) == nil)
    }
}
