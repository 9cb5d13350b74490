import Dunning

/// Planners, gates and resolvers that lack one check: the properties must catch each of them, else they prove nothing. Listed in
/// `Dunning.docc/Twins.md`.
struct CarelessTwin: Sendable, CustomStringConvertible {
    let name: String
    /// The state in which the missing check matters.
    let danger: PromiseBook.Danger
    var planner: @Sendable (CaseFacts, Instant) -> Plan = { Planner.plan($0, now: $1) }
    var resolve: @Sendable (RandomAssignment) -> Resolve.Assignment = { $0.resolved() }
    var gate: @Sendable (PlannedStep, CaseFacts, Instant) -> Gated = { Gate.verdict(for: $0, given: $1, now: $2) }

    var description: String { name }

    /// A gate that is shown other facts than the true ones.
    private static func gate(
        _ name: String, _ danger: PromiseBook.Danger,
        _ blind: @escaping @Sendable (inout CaseFacts, PlannedStep, Instant) -> Void
    ) -> CarelessTwin {
        CarelessTwin(
            name: "gate \(name)", danger: danger,
            gate: { step, facts, now in
                var facts = facts
                blind(&facts, step, now)
                return Gate.verdict(for: step, given: facts, now: now)
            })
    }

    private static func planner(
        _ name: String, _ danger: PromiseBook.Danger, _ blind: @escaping @Sendable (inout CaseFacts, Instant) -> Void
    ) -> CarelessTwin {
        CarelessTwin(
            name: "planner \(name)", danger: danger,
            planner: { facts, now in
                var facts = facts
                blind(&facts, now)
                return Planner.plan(facts, now: now)
            })
    }

    private static func resolve(
        _ name: String, _ danger: PromiseBook.Danger, _ blind: @escaping @Sendable (inout RandomAssignment) -> Void
    ) -> CarelessTwin {
        CarelessTwin(
            name: "resolve \(name)", danger: danger,
            resolve: { asked in
                var asked = asked
                blind(&asked)
                return asked.resolved()
            })
    }

    private static func brand(_ rules: BrandRules, window: SendWindow? = nil, grace: Int? = nil) -> BrandRules {
        BrandRules(
            id: rules.id, zone: rules.zone, calendar: window == nil ? rules.calendar : .none,
            window: window ?? rules.window, graceDays: grace ?? rules.graceDays, gateway: rules.gateway)
    }

    private static let always = SendWindow(
        weekdays: Set(Weekday.allCases), opens: TimeOfDay("00:00")!, closes: TimeOfDay("24:00")!)!

    static let all = [
        gate("without the collectable check", .nothingOwed) { facts, _, now in
            guard facts.owed(at: now) <= 0 else { return }
            facts.invoices = facts.invoices.map { $0.changed(allocated: 0).changed(inFlight: 0, until: nil) }
            facts.credit = 0
        },
        gate("without the holds", .held) { facts, _, _ in facts.holds = [] },
        gate("without the window", .closedWindow) { facts, _, _ in facts.brand = brand(facts.brand, window: always) },
        gate("without the caps", .capSpent) { facts, _, _ in facts.contactedDays = [:] },
        gate("that sends notes though something is overdue", .noteAfterOverdue) { facts, step, _ in
            guard facts.workflow.step(step.key)?.isBeforeDue == true else { return }
            facts.invoices.removeAll { $0.dueDate?.number != Int32(step.occurrence) }
        },
        gate("that lists what is not overdue", .otherInvoices) { facts, step, _ in
            guard facts.workflow.step(step.key)?.isBeforeDue == false else { return }
            facts.brand = brand(facts.brand, grace: -1_000)
        },
        planner("without the gap", .withinGap) { facts, _ in
            let workflow = facts.workflow
            facts.workflow = PublishedWorkflow(
                id: workflow.id, workflow: workflow.workflow, escalationGapDays: 0, steps: workflow.steps,
                limits: workflow.limits)
        },
        planner("that goes by age alone", .ageAhead) { facts, now in
            let workflow = facts.workflow
            guard let rung = workflow.rung(ofStage: facts.stageByAge(at: now)), rung > 0,
                rung > workflow.rung(of: facts.state.position) ?? -1
            else { return }
            facts.state.position = workflow.ladder[rung - 1].key
        },
        planner("that forgets what was sent", .noteSent) { facts, _ in facts.done = [] },
        planner("without the holds", .held) { facts, _ in facts.holds = [] },
        gate("without the conditions", .conditionFails) { facts, _, _ in
            facts.workflow = facts.workflow.changed { $0.with(condition: nil) }
        },
        gate("without the limits", .atLimit) { facts, _, _ in
            facts.workflow = facts.workflow.changed(limits: WorkflowLimits(onReply: facts.workflow.limits.onReply))
        },
        gate("that never rests", .resting) { facts, _, _ in
            facts.events.removeAll { $0.kind == .replied || $0.kind == .partPayment }
        },
        planner("that forgets where it was led", .jumping) { facts, _ in facts.state.nextKey = nil },
        planner("that answers an event again", .answering) { facts, _ in
            facts.done = facts.done.filter { facts.workflow.step($0.key)?.isReaction == false }
        },
        gate("that writes to whoever refused", .refused) { facts, _, _ in
            facts.contacts = facts.contacts.map {
                Reachable(id: $0.id, name: $0.name, email: $0.email, key: $0.key, zone: $0.zone)
            }
        },
        resolve("that follows what is archived", .archivedNamed) { $0.archived = [] },
        resolve("that forgets who is excluded", .exclusion) { $0.pins.exclusion = nil },
        resolve("that asks the rules of every brand", .otherBrand) { asked in
            asked.rules = asked.rules.map { $0.with(isForAll: true) }
        },
        resolve("that takes rules as they are read", .unordered) { asked in
            asked.rules = asked.rules.enumerated().map { $0.element.with(priority: $0.offset) }
        },
        resolve("that asks the customer before the invoice", .twoPins) { asked in
            (asked.pins.invoice, asked.pins.customer) = (asked.pins.customer, asked.pins.invoice)
        },
        resolve("without the conditions", .unfitRule) { asked in
            asked.rules = asked.rules.map { $0.with(condition: .test(.stage, .atLeast, .one(.number(0)))) }
        },
    ]
}

extension PublishedWorkflow {
    fileprivate func changed(
        limits: WorkflowLimits? = nil, _ change: (Step) -> Step = { $0 }
    ) -> PublishedWorkflow {
        PublishedWorkflow(
            id: id, workflow: workflow, escalationGapDays: escalationGapDays, steps: steps.map(change),
            limits: limits ?? self.limits)
    }
}

extension Step {
    fileprivate func with(condition: Condition?) -> Step {
        Step(
            key: key, kind: kind, timing: timing, template: template, tier: tier, waitsForOutcome: waitsForOutcome,
            deadlineBusinessDays: deadlineBusinessDays, script: script, fallback: fallback, condition: condition,
            stage: stage, follower: follower, arms: arms, effect: effect, awaitedEvent: awaitedEvent)
    }
}
