/// Plays a tenant's cases forward as its workers would: plan, wait until due, gate, write, advance.
///
/// It calls the very planner, gate and rules of advance that the workers call, on the same facts, so what it shows is what
/// would happen if the world kept to the assumptions: money comes as supposed, every message is accepted unless `outcome` says
/// otherwise, nobody objects to what is announced, and nobody touches a task before its deadline.
package struct Simulation: Sendable {
    /// Money that covers an invoice at an instant.
    package struct Payment: Hashable, Sendable {
        package let invoice: ID<Invoice>
        package let at: Instant

        package init(of invoice: ID<Invoice>, at instant: Instant) {
            self.invoice = invoice
            at = instant
        }
    }

    /// Whether a gateway takes a message to this address; for good it refuses otherwise.
    package typealias Outcome = @Sendable (_ address: String) -> Bool

    /// In the order in which they happen.
    package internal(set) var events: [SimulatedEvent] = []
    /// Who is written to for the first time on which day, where that is limited; days given in a run are taken afterwards.
    package internal(set) var firstContacts: FirstContacts?
    var cases: [SimulatedCase]
    let ofCustomer: [ID<Customer>: [Int]]
    private let ofInvoice: [ID<Invoice>: [Int]]
    private let payments: [Payment]
    let outcome: Outcome
    /// Days on which an address was written to, whoever's it is.
    var book: [String: [Day]] = [:]
    /// Cases that wait for a day of their first contact.
    var wishes: [Int: Plan.Wish] = [:]
    /// Numbers below the count of cases are their steps, then come the payments, then what has to be looked at again.
    private var agenda = Agenda()
    var scheduled: [Instant?]
    private(set) var now: Instant

    /// - Parameter firstContacts: the days that may be given for first contacts; nil where cases have theirs already.
    package init(
        _ cases: [SimulatedCase], from start: Instant, payments: [Payment] = [], firstContacts: FirstContacts? = nil,
        outcome: @escaping Outcome = { _ in true }
    ) {
        self.cases = cases
        self.firstContacts = firstContacts
        ofCustomer = Dictionary(grouping: cases.indices) { cases[$0].truth.state.customer }
        var ofInvoice: [ID<Invoice>: [Int]] = [:]
        for index in cases.indices {
            for id in Set(cases[index].truth.invoices.map(\.id)) { ofInvoice[id, default: []].append(index) }
            for (key, days) in cases[index].truth.contactedDays { book[key] = days }
        }
        self.ofInvoice = ofInvoice
        self.payments = payments
        self.outcome = outcome
        scheduled = cases.map { _ in nil }
        now = start
        for (index, payment) in payments.enumerated() { agenda.add(max(payment.at, start), cases.count + index) }
    }

    /// Everything up to and including `end`.
    package mutating func run(until end: Instant) {
        for customer in ofCustomer.keys.sorted() { replan(customer) }
        givePlaces()
        while let entry = agenda.next, entry.at <= end {
            _ = agenda.popFirst()
            now = max(now, entry.at)
            if entry.number >= cases.count + payments.count {
                replan(cases[entry.number - cases.count - payments.count].truth.state.customer)
            } else if entry.number >= cases.count {
                receive(payments[entry.number - cases.count])
            } else if scheduled[entry.number] == entry.at, let step = cases[entry.number].open {
                scheduled[entry.number] = nil
                step.kind.isContact ? speak(entry.number, step) : act(entry.number, step)
            }
            givePlaces()
        }
        now = max(now, end)
    }

    private mutating func receive(_ payment: Payment) {
        for index in ofInvoice[payment.invoice] ?? [] {
            cases[index].pay(payment.invoice)
            replan(cases[index].truth.state.customer)
        }
    }

    func facts(_ index: Int) -> CaseFacts {
        var facts = cases[index].facts(at: now)
        facts.contactedDays = Dictionary(
            facts.contacts.flatMap(\.keys).map { ($0, book[$0] ?? []) }, uniquingKeysWith: { first, _ in first })
        return facts
    }

    mutating func put(_ step: PlannedStep?, of index: Int) {
        cases[index].put(step, at: now)
        scheduled[index] = step.map { max($0.dueAt, now) }
        if let at = scheduled[index] { agenda.add(at, index) }
    }

    /// The case is planned again then, whatever happens before.
    mutating func lookAgain(at instant: Instant, _ index: Int) {
        agenda.add(max(instant, now), cases.count + payments.count + index)
    }
}
