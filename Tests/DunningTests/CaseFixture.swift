import Dunning
import Foundation

/// Cases to plan and to gate: a customer of a New York brand on the default ladder, unless a test says otherwise.
enum CaseFixture {
    static let newYork = Zone("America/New_York")!
    static let usd = Currency("USD")!
    static let anna = contact(1, "anna@acme.example")

    static func uuid(_ number: Int) -> UUID {
        let high = UInt8(number >> 8 & 0xFF), low = UInt8(number & 0xFF)
        return UUID(uuid: (1, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, high, low))
    }

    static func day(_ text: String) -> Day { Day(text)! }

    /// `2026-11-24 09:30` on the wall clock of a zone.
    static func at(_ text: String, _ zone: Zone = newYork) -> Instant {
        zone.instant(on: Day(String(text.prefix(10)))!, at: TimeOfDay(String(text.suffix(5)))!)
    }

    // MARK: - Workflows

    static func email(_ key: String, _ timing: Step.Timing) -> Step { Step(key: key, kind: .email, timing: timing) }

    static func workflow(
        _ steps: [Step], gap: Int = 7, limits: WorkflowLimits = WorkflowLimits()
    ) -> PublishedWorkflow {
        PublishedWorkflow(id: ID(uuid(1)), workflow: ID(uuid(2)), escalationGapDays: gap, steps: steps, limits: limits)
    }

    static let ladder = [
        email("friendly", .afterDue(3)), email("firm", .afterDue(14)),
        Step(key: "final", kind: .email, timing: .afterDue(30), tier: .final),
    ]

    /// The default of a new tenant: a note three days before due, then days 3, 14 and 30.
    static let standard = workflow([email("courtesy", .beforeDue(3))] + ladder)

    /// A call between the first and the second reminder, whose outcome the second waits for.
    static let withCall = workflow([
        ladder[0], Step(key: "call", kind: .callTask, timing: .afterDue(10), waitsForOutcome: true), ladder[1],
    ])

    // MARK: - Parties and money

    static func contact(
        _ number: Int, _ email: String?, zone: Zone? = nil, hasOptedOut: Bool = false, isSuppressed: Bool = false
    ) -> Reachable {
        Reachable(
            id: ID(uuid(900 + number)), name: "Contact \(number)", email: email, key: email, zone: zone,
            hasOptedOut: hasOptedOut, isSuppressed: isSuppressed)
    }

    static func brand(
        zone: Zone = newYork, calendar: BusinessCalendar = .none, window: SendWindow = .standard, grace: Int = 0,
        isSwitchedOff: Bool = false, hasGateway: Bool = true
    ) -> BrandRules {
        BrandRules(
            id: ID(uuid(3)), zone: zone, calendar: calendar, window: window, graceDays: grace,
            isSwitchedOff: isSwitchedOff, gateway: hasGateway ? ID(uuid(4)) : nil)
    }

    static func invoice(
        _ number: Int, due: String?, total: Int64 = 10_000, allocated: Int64 = 0, inFlight: Int64 = 0,
        inFlightUntil: Instant? = nil, heldUntil: Instant? = nil
    ) -> OpenInvoice {
        OpenInvoice(
            id: ID(uuid(100 + number)), number: "INV-\(number)", issueDate: due.map { day($0).adding(-30) },
            dueDate: due.map(day), currency: usd, total: total, allocated: allocated, inFlight: inFlight,
            inFlightUntil: inFlightUntil, heldUntil: heldUntil)
    }

    static func hold(_ scope: ActiveHold.Scope = .customer, until: Instant?) -> ActiveHold {
        ActiveHold(id: ID(uuid(5)), scope: scope, reason: "dispute", until: until)
    }

    static func state(
        customer: Int = 6, status: CaseState.Status = .active, stage: Int = 0, priorStage: Int = 0,
        position: String? = nil, on positionDay: String? = nil, anchor: Int? = nil, contacted: String? = nil,
        entry: EntryPolicy? = nil, isDirty: Bool = false
    ) -> CaseState {
        CaseState(
            id: ID(uuid(7)), customer: ID(uuid(customer)), brand: ID(uuid(3)), currency: usd, status: status,
            stage: stage, cycle: priorStage > 0 ? 2 : 1, priorStage: priorStage, position: position,
            positionDay: positionDay.map(day), anchor: anchor.map { ID(uuid(100 + $0)) },
            lastContactDay: contacted.map(day), entry: entry, isDirty: isDirty)
    }

    static func facts(
        _ invoices: [OpenInvoice], _ state: CaseState = state(), workflow: PublishedWorkflow = standard,
        brand: BrandRules = brand(), contacts: [Reachable] = [anna], holds: [ActiveHold] = [], credit: Int64 = 0
    ) -> CaseFacts {
        CaseFacts(
            state: state, workflow: workflow, brand: brand, contacts: contacts, invoices: invoices, credit: credit,
            holds: holds)
    }
}

extension CaseFacts {
    /// Plans at a time of the brand's wall clock.
    func plan(_ time: String) -> Plan { Planner.plan(self, now: CaseFixture.at(time, brand.zone)) }

    /// Gates at a time of the brand's wall clock.
    func gate(_ step: PlannedStep, _ time: String) -> Gated {
        Gate.verdict(for: step, given: self, now: CaseFixture.at(time, brand.zone))
    }

    /// The facts after `step` was done on `day`, as its outcome would leave them.
    func after(_ step: PlannedStep, on day: String) -> CaseFacts {
        var facts = self
        facts.finish(
            step, on: CaseFixture.day(day),
            target: workflow.step(step.key).flatMap { decision(of: $0, at: step.dueAt).target })
        if step.kind == .email, let key = recipient?.key {
            facts.contactedDays[key, default: []].append(CaseFixture.day(day))
        }
        return facts
    }

    /// The facts with other invoices.
    func with(_ invoices: [OpenInvoice]) -> CaseFacts {
        var facts = self
        facts.invoices = invoices
        return facts
    }
}

extension Plan {
    /// `firm 2 2026-11-24`: key, stage and day of the next step in a zone; why there is none, or how the case ended.
    func summary(_ zone: Zone = CaseFixture.newYork) -> String {
        if let exit { return "exit \(exit.rawValue)" }
        if let next { return "\(next.key) \(next.stage) \(zone.day(of: next.dueAt))" }
        return "idle \(idle?.rawValue ?? "?")"
    }
}

extension Instant {
    /// `2026-11-24 09:30`, seconds cut off.
    func local(_ zone: Zone = CaseFixture.newYork) -> String {
        "\(zone.day(of: self)) \(TimeOfDay(minutes: zone.time(of: self) / 60)!)"
    }
}

extension Gated {
    /// `wait cap`, `skip paid`, `send INV-1 INV-2`.
    var summary: String {
        switch verdict {
        case .send(_, let invoices): (["send"] + invoices.map(\.number)).joined(separator: " ")
        case .skip(let reason): "skip \(reason.rawValue)"
        case .wait(_, let reason): "wait \(reason.rawValue)"
        }
    }

    var until: Instant? {
        if case .wait(let until, _) = verdict { until } else { nil }
    }

    /// The check that decided, if it was a refusal.
    var failed: String? { trace.last { !$0.passed }?.check }
}
