/// Everything planner and gate may look at for one case, read after its lock. Pure values; same facts, same answer.
package struct CaseFacts: Hashable, Sendable {
    package var state: CaseState
    package var workflow: PublishedWorkflow
    package var brand: BrandRules
    package var customerZone: Zone?
    package var contacts: [Reachable]
    /// Open invoices of the case's customer, brand and currency, oldest due first, then larger, then by id.
    package var invoices: [OpenInvoice]
    /// Unapplied credit of the same customer, brand and currency, in minor units.
    package var credit: Int64
    /// In force now; those on single invoices are in ``OpenInvoice/heldUntil``.
    package var holds: [ActiveHold]
    package var switches: Switches
    /// Steps sent or done in this cycle: not to be planned again.
    package var done: Set<Occurrence>
    /// A call task whose outcome the next step waits for, until this instant.
    package var awaitedUntil: Instant?
    /// Days on which an address was contacted, newest last, by address key.
    package var contactedDays: [String: [Day]]
    /// The customer's own side: segments, country, owner and the like.
    package var profile: CustomerProfile
    /// Where steps done in this cycle led, if not to what follows them.
    package var jumps: [Occurrence: Step.Target]
    /// Contacts made after due in this cycle.
    package var contactsMade: Int
    /// What has happened since the case was opened, the oldest first.
    package var events: [CaseEvent]
    /// The shares of experiments this customer has fallen into before, by experiment.
    package var shares: [String: String]
    /// The civil day on which the case was opened, in the brand's zone.
    package var openedOn: Day?
    /// The tenant's safety rules, and where the case stands with them.
    package var safety: Safety

    package init(
        state: CaseState, workflow: PublishedWorkflow, brand: BrandRules, customerZone: Zone? = nil,
        contacts: [Reachable] = [], invoices: [OpenInvoice] = [], credit: Int64 = 0, holds: [ActiveHold] = [],
        switches: Switches = Switches(), done: Set<Occurrence> = [], awaitedUntil: Instant? = nil,
        contactedDays: [String: [Day]] = [:], profile: CustomerProfile = CustomerProfile(),
        jumps: [Occurrence: Step.Target] = [:], contactsMade: Int = 0, events: [CaseEvent] = [],
        shares: [String: String] = [:], openedOn: Day? = nil, safety: Safety = Safety()
    ) {
        self.state = state
        self.workflow = workflow
        self.brand = brand
        self.customerZone = customerZone
        self.contacts = contacts
        self.invoices = invoices
        self.credit = credit
        self.holds = holds
        self.switches = switches
        self.done = done
        self.awaitedUntil = awaitedUntil
        self.contactedDays = contactedDays
        self.profile = profile
        self.jumps = jumps
        self.contactsMade = contactsMade
        self.events = events
        self.shares = shares
        self.openedOn = openedOn
        self.safety = safety
    }

    /// One occurrence of a step: the due day it belongs to, as a day number, or the number of the event it answers.
    package struct Occurrence: Hashable, Sendable {
        package let key: String
        package let number: Int
        /// How often a repeat had led the case back.
        package let round: Int

        package init(key: String, number: Int, round: Int = 0) {
            self.key = key
            self.number = number
            self.round = round
        }
    }

    /// The last event that has happened.
    package var lastEvent: Int { events.last?.number ?? 0 }

    /// Windows and caps live in this zone: the contact's, else the customer's, else the brand's.
    package var zone: Zone { recipient?.zone ?? customerZone ?? brand.zone }

    /// The contact to speak to: billing before manager before legal, the oldest first.
    package var recipient: Reachable? { contacts.first { $0.isUsable } }

    /// Invoices that may be asked for now.
    package func asked(at now: Instant) -> [OpenInvoice] {
        invoices.filter { $0.collectable > 0 && !$0.isHeld(at: now) }
    }

    /// What is left to ask after unapplied credit, in minor units.
    package func askedTotal(at now: Instant) -> Int64 {
        max(0, asked(at: now).reduce(0) { $0 + $1.collectable } - credit)
    }
}

extension CaseFacts {
    /// Why money that is missing may not be asked for now: held, promised, disputed, or covered only by money under way;
    /// nil where nothing is missing. Of several reasons the one that a person can do most about.
    func blockedBy(at now: Instant) -> Reason? {
        let reasons = Set(invoices.compactMap { $0.blockedBy(at: now) })
        return [.disputed, .held, .promised, .underWay].first(where: reasons.contains)
    }

    /// When more can be asked for though nobody writes anything: holds on invoices end, money under way expires.
    package func releases(after now: Instant) -> [Instant] {
        Set(invoices.flatMap { [$0.heldUntil, $0.inFlight > 0 ? $0.inFlightUntil : nil] })
            .compactMap(\.self).filter { $0 > now && $0 < ActiveHold.forever }.sorted()
    }

    /// The facts as they will be at `instant` if no money arrives before.
    func projected(to instant: Instant) -> CaseFacts {
        var facts = self
        facts.invoices = invoices.map { $0.projected(to: instant) }
        return facts
    }
}

/// What a brand lays down for planning and sending.
package struct BrandRules: Hashable, Sendable {
    package let id: ID<Brand>
    /// For conditions that name it.
    package let name: String
    package let zone: Zone
    package let calendar: BusinessCalendar
    package let window: SendWindow
    package let graceDays: Int
    package let isSwitchedOff: Bool
    package let gateway: ID<Gateway>?
    package let smsGateway: ID<Gateway>?

    package init(
        id: ID<Brand>, name: String = "", zone: Zone, calendar: BusinessCalendar = .none,
        window: SendWindow = .standard,
        graceDays: Int = 0, isSwitchedOff: Bool = false, gateway: ID<Gateway>? = nil,
        smsGateway: ID<Gateway>? = nil
    ) {
        self.id = id
        self.name = name
        self.zone = zone
        self.calendar = calendar
        self.window = window
        self.graceDays = graceDays
        self.isSwitchedOff = isSwitchedOff
        self.gateway = gateway
        self.smsGateway = smsGateway
    }

    package func gateway(for channel: Channel) -> ID<Gateway>? {
        channel == .email ? gateway : smsGateway
    }
}

/// The switches above a case. Read in the arming transaction; nothing is locked for them.
package struct Switches: Hashable, Sendable {
    package var systemHold: String?
    package var isSystemOff: Bool
    package var isTenantOff: Bool
    package var isLive: Bool
    package var isWorkflowOff: Bool

    package init(
        systemHold: String? = nil, isSystemOff: Bool = false, isTenantOff: Bool = false, isLive: Bool = true,
        isWorkflowOff: Bool = false
    ) {
        self.systemHold = systemHold
        self.isSystemOff = isSystemOff
        self.isTenantOff = isTenantOff
        self.isLive = isLive
        self.isWorkflowOff = isWorkflowOff
    }
}
