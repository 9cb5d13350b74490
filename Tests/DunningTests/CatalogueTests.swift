import Testing

@testable import Dunning

extension ReadyMadeWorkflow: CustomTestStringConvertible {
    package var testDescription: String { key }
}

@Suite struct `The ready-made workflows` {
    private static func published(_ ready: ReadyMadeWorkflow) -> PublishedWorkflow {
        PublishedWorkflow(
            id: .make(at: Instant(microseconds: 0)), workflow: .make(at: Instant(microseconds: 0)),
            escalationGapDays: ready.document.gapDays, steps: ready.document.steps.map(\.step),
            limits: ready.document.limits)
    }

    @Test func `are six, and found by name`() {
        #expect(
            ReadyMadeWorkflow.all.map(\.key) == [
                "b2b_net30_gentle", "b2b_net30_firm", "b2c", "subscription", "predue_courtesy", "enterprise_collector",
            ])
        #expect(Set(ReadyMadeWorkflow.all.map(\.document.name)).count == 6)
        #expect(ReadyMadeWorkflow.named("b2c") == .b2c)
        #expect(ReadyMadeWorkflow.named("B2C") == nil)
        // Every letter there is has a workflow that sends it, and all tones are spoken.
        #expect(Set(ReadyMadeWorkflow.all.flatMap(\.letters)) == Set(DefaultTemplate.every))
        #expect(Set(ReadyMadeWorkflow.all.flatMap(\.tones)) == Set(Tone.allCases))
    }

    @Test(arguments: ReadyMadeWorkflow.all)
    func `read back what they print`(ready: ReadyMadeWorkflow) throws {
        #expect(try WorkflowDocument(ready.document.value()) == ready.document)
        #expect(WorkflowGraph.problems(of: ready.document.steps) == [])
    }

    @Test(arguments: ReadyMadeWorkflow.all)
    func `pass the lint with each letter at the stage it is sent at, in every language`(ready: ReadyMadeWorkflow) throws
    {
        let workflow = Self.published(ready)
        for (step, name) in ready.document.steps.map({ ($0.step, $0.template) }) where step.kind.isWritten {
            let letter = try #require(ready.letters.first { $0.name == name })
            let stage = step.isReaction ? 1 : workflow.stage(of: step.key)
            #expect(stage >= letter.stage, "\(step.key) comes at stage \(stage)")
            #expect(step.isBeforeDue == (letter.day < 0), "\(step.key)")
            #expect((step.tier == .final) == (letter.tone == .final), "\(step.key)")
            for locale in DefaultTemplate.languages {
                let source = letter.source(in: locale)
                let use = TemplateUse(
                    readers: Set(DefaultTemplate.languages), written: Set(letter.variants.keys), stage: stage)
                #expect(TemplateLint.problems(in: source, locale: locale, use: use) == [])
                if step.kind == .sms || step.fallback == .channel(.sms) { #expect(source.sms != nil, "\(step.key)") }
            }
        }
    }

    /// What a last letter announces must be about to happen, or it is a false threat.
    @Test(arguments: ReadyMadeWorkflow.all)
    func `do what their last letter announces, after the time it names`(ready: ReadyMadeWorkflow) throws {
        let workflow = Self.published(ready)
        guard let last = workflow.ladder.firstIndex(where: { $0.tier == .final }) else {
            #expect(!ready.tones.contains(.final))
            return
        }
        let letter = try #require(ready.letters.first { $0.tone == .final })
        let later = workflow.ladder[(last + 1)...]
        // A pause after 7 days, a person after 14, a hand-over after 7.
        switch letter {
        case .pause:
            let pause = try #require(later.first)
            #expect(pause.effect == .signal(.suspend))
            #expect(pause.timing.days > 7)
        case .personalFinal:
            #expect(later.map(\.kind) == [.wait])
            #expect(later.first.map { $0.timing.days > 14 } == true)
        case .final:
            #expect(later.first?.kind == .approve)
            #expect(later.first?.timing == .afterPrevious(8, business: true))
            #expect(later.contains { $0.kind == .handover })
        default: Issue.record("a last letter nobody has thought about: \(letter.name)")
        }
    }

    @Test(arguments: ReadyMadeWorkflow.all)
    func `bound what they send, and rest when somebody answers`(ready: ReadyMadeWorkflow) {
        let contacts = ready.document.steps.filter { $0.step.kind.isContact && !$0.step.isBeforeDue }
        #expect(ready.document.limits.maxContacts.map { $0 >= contacts.count && $0 <= 8 } == true)
        #expect(ready.document.limits.onReply != nil)
        #expect(ready.document.gapDays >= 3)
    }
}
