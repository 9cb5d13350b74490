package import Dunning
import Foundation
package import Postgres
import Queue
package import Store

/// Keeps every case's one next step right. Whatever changes what may be asked of a customer locks its cases first, and
/// re-plans them before it commits (architecture 4.7, 4.8); bulk writes mark them dirty and leave the planning to a drain.
package enum PlanCases {
    /// Steps due within this time are put into the hot queue at once; the stager brings the others near.
    package static let horizonMinutes = 15

    /// Locks all open cases of these customers, in id order. Call it before changing anything that bears on them.
    ///
    /// Whoever was merged into another while this waited has the transaction run again: it finds whose its things are now.
    @discardableResult
    package static func lock(
        customers: [ID<Customer>], in tx: inout Transaction
    ) throws -> Set<ID<Enrolment>> {
        let locked = try tx.lockCases(customers: customers)
        try tx.checkStay(customers)
        return locked
    }

    /// Opens missing cases and writes the next step of all; the last act of a single write's transaction.
    package static func replan(
        customers: [ID<Customer>], cause: String, entry: EntryPolicy = .firstStage, in tx: inout Transaction,
        _ context: Context
    ) throws {
        let cases = try openAndLoad(
            customers: customers, locked: try tx.lockCases(customers: customers), entry: entry, in: &tx, context)
        try plan(cases, cause: cause, in: &tx, context)
    }

    /// The same after a change of which is known what it made of the cases: they are read again only for customers of whom
    /// nobody but the database can say, and for those `uncovered` who get another case.
    static func replan(
        known: [LoadedCase], uncovered: Set<ID<Customer>>, unsure: Set<ID<Customer>>, cause: String,
        in tx: inout Transaction, _ context: Context
    ) throws {
        let opened = try open(customers: Array(uncovered.subtracting(unsure)), entry: .firstStage, in: &tx, context)
        let unsure = Array(unsure.union(opened))
        let read =
            unsure.isEmpty
            ? []
            : try openAndLoad(
                customers: unsure, locked: try tx.lockCases(customers: unsure), entry: .firstStage, in: &tx, context)
        let cases = known.filter { !unsure.contains($0.facts.state.customer) } + read
        try plan(cases.sorted { $0.id < $1.id }, cause: cause, in: &tx, context)
    }

    /// All open cases of these customers, with those that were missing.
    ///
    /// What is read to plan them says who may lack one, so that most are read once and looked at for nothing else.
    private static func openAndLoad(
        customers: [ID<Customer>], locked: Set<ID<Enrolment>>, entry: EntryPolicy, in tx: inout Transaction,
        _ context: Context
    ) throws -> [LoadedCase] {
        let found = try loadLocked(customers: customers, locked, in: &tx, context)
        let opened = try open(customers: Array(found.uncovered), entry: entry, in: &tx, context)
        guard !opened.isEmpty else { return found.cases }
        let again = try loadLocked(
            customers: Array(opened), try tx.lockCases(customers: Array(opened)), in: &tx, context)
        return (found.cases.filter { !opened.contains($0.facts.state.customer) } + again.cases).sorted { $0.id < $1.id }
    }

    /// All open cases of these customers, each locked before it is read: another transaction may have opened one since the
    /// first lock, and is then the one to wait for.
    private static func loadLocked(
        customers: [ID<Customer>], _ locked: Set<ID<Enrolment>>, in tx: inout Transaction, _ context: Context
    ) throws -> CaseLookup {
        var locked = locked
        while true {
            let found = try tx.lookUpCases(customers: customers, now: context.now)
            if found.cases.allSatisfy({ locked.contains($0.id) }) { return found }
            locked = try tx.lockCases(customers: customers)
        }
    }

    /// Opens missing cases with this entry policy, marks all dirty, and queues the drain. The last act of a bulk write.
    package static func markDirty(
        customers: [ID<Customer>], entry: EntryPolicy, in tx: inout Transaction, _ context: Context
    ) throws {
        try lock(customers: customers, in: &tx)
        try open(customers: customers, entry: entry, in: &tx, context)
        try tx.markDirty(customers: customers)
        try tx.revive(.plan, customers.map(\.uuid), at: context.now)
        try queueDrain(in: &tx, context)
    }

    /// Puts the tenant's drain job into the queue, or draws it nearer.
    package static func queueDrain(in tx: inout Transaction, _ context: Context) throws {
        try tx.enqueue([
            NewDue(kind: .drain, ref: tx.tenantID, lane: tx.tenantID, runAt: context.now)
        ])
    }

    /// Re-plans some dirty cases after a place: of how many customers, and the last of the cases; nil when there were none. The
    /// drain calls it until then.
    package static func drain(
        limit: Int, half: CustomerHalf? = nil, after place: ID<Enrolment>? = nil, in tx: inout Transaction,
        _ context: Context
    ) throws -> (customers: Int, last: ID<Enrolment>?) {
        let (customers, last) = try tx.dirtyCustomers(limit: limit, half: half, after: place)
        guard !customers.isEmpty else { return (0, nil) }
        let locked = try lock(customers: customers, in: &tx)
        let cases = try openAndLoad(customers: customers, locked: locked, entry: .firstStage, in: &tx, context)
        try plan(cases, cause: "drain", in: &tx, context)
        return (customers.count, last)
    }

    /// Opens missing cases; whose they are.
    @discardableResult
    static func open(
        customers: [ID<Customer>], entry: EntryPolicy, in tx: inout Transaction, _ context: Context
    ) throws -> Set<ID<Customer>> {
        guard !customers.isEmpty else { return [] }
        let wanted = try tx.wantedCases(customers: customers)
        guard !wanted.isEmpty else { return [] }
        let assigned = try AssignCases.versions(wanted, in: &tx, context)
        let opened = try tx.openCases(assigned, entry: entry, at: context.now)
        try tx.emit(
            context,
            opened.map {
                Emission.opened(
                    $0.id, of: $0.case.customer, at: $0.case.brand, in: $0.case.currency, cycle: $0.case.priorCycle + 1)
            })
        // Those that somebody else opened at the same time as well: they are to be read, too.
        return Set(assigned.map(\.0.customer))
    }

    /// Plans locked, loaded cases and writes what changed, in a fixed number of statements.
    static func plan(
        _ cases: [LoadedCase], cause: String, in tx: inout Transaction, _ context: Context
    ) throws {
        var changes = PlanChanges(internalLane: tx.tenantID, now: context.now, cause: cause)
        for loaded in cases {
            changes.add(loaded, plan: Planner.plan(loaded.facts, now: context.now))
        }
        try changes.write(in: &tx, context)
    }
}
