package import Dunning
import Foundation
package import Postgres
import Queue
package import Store

/// Makes one customer of two that turned out to be the same: all that the one owes, has paid, agreed on and was told becomes the
/// other's, and its name leads there from now on.
///
/// Where both have an open case at a brand in a currency, the one with the higher stage goes on, with the later last contact of the
/// two; the other ends as `merged`. What was planned for the merged one is planned anew; what is on the wire stays, is named, and
/// counts as a contact. No amount and no day of the past changes: what moves is whose they are.
package struct MergeCustomers: Sendable {
    /// What came of it, kept to be given again.
    package struct Answer: Sendable, Codable, Equatable {
        /// Cases of the merged one that go on as the other's.
        package var moved: [ID<Enrolment>] = []
        /// Cases, of either, that ended because the other's goes on.
        package var closed: [ID<Enrolment>] = []
        /// Messages to either that were on the wire.
        package var underWay: [ID<Message>] = []
    }

    package typealias Locking = @Sendable (inout Transaction, [ID<Customer>]) throws -> Void

    /// Cases that wait for a change somebody was making meanwhile are looked at again after so long.
    private static let lookAgainSeconds = 20

    let merged: ID<Customer>
    let into: ID<Customer>
    let lock: Locking
    let pause: @Sendable () -> Void

    /// - Parameters:
    ///   - lock: replaced by a test that shows what it is good for.
    ///   - pause: called between looking and writing, where a test may hold it.
    package init(
        _ merged: ID<Customer>, into: ID<Customer>, lock: @escaping Locking = { try MergeCustomers.lock($1, in: &$0) },
        pause: @escaping @Sendable () -> Void = {}
    ) throws(Rejection) {
        guard merged != into else {
            throw .invalid("/into", "same_customer", "name another customer: nobody is merged into itself")
        }
        self.merged = merged
        self.into = into
        self.lock = lock
        self.pause = pause
    }

    /// The cases, the order in which everything locks, and then the customers: whatever is new of a customer refers to its row.
    package static func lock(_ customers: [ID<Customer>], in tx: inout Transaction) throws {
        try PlanCases.lock(customers: customers, in: &tx)
        try tx.lockForMerge(customers)
        // One without an open case may have been merged between the two.
        try tx.checkStay(customers)
        // And a case may have been opened.
        try PlanCases.lock(customers: customers, in: &tx)
    }

    /// `isNew` is false for a repetition.
    package func run(
        in tx: inout Transaction, _ context: Context
    ) throws -> (customer: CustomerRecord, answer: Answer, isNew: Bool) {
        if let stored = try repeated(in: &tx) { return stored }
        try lock(&tx, [merged, into])
        guard let from = try tx.customer(merged), let target = try tx.customer(into) else {
            preconditionFailure("customers are never deleted")
        }
        let underWay = try tx.messagesUnderWay(to: [merged, into])
        let joined = try JoinedCases(
            try tx.loadCases(customers: [merged, into], now: context.now), into: into,
            contactDays: Dictionary(uniqueKeysWithValues: underWay.map { ($0.id, $0.day) }))
        pause()
        let answer = Answer(moved: joined.moved, closed: joined.closed.map(\.id), underWay: underWay.map(\.id))
        try joined.write(into: into, in: &tx, context)
        try tx.moveAll(of: merged, to: into)
        try tx.joinContacts(of: into, since: Self.capDay(context), at: context.now)
        try tx.update(filled(target, from: from), at: context.now)
        try tx.markMerged(
            merged, into: into,
            answer: JSONText(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)), at: context.now)
        try joinAccounts(in: &tx, context)
        try record(answer, in: &tx, context)
        try PlanCases.replan(customers: [into], cause: "customer.merged", in: &tx, context)
        try lookAgain(in: &tx, context)
        guard let customer = try tx.customer(into) else { preconditionFailure("customers are never deleted") }
        return (customer, answer, true)
    }

    private func repeated(
        in tx: inout Transaction
    ) throws -> (customer: CustomerRecord, answer: Answer, isNew: Bool)? {
        guard let from = try tx.customer(merged) else { throw Rejection.notFound("customer") }
        guard let target = try tx.customer(into) else {
            throw Rejection.invalid("/into", "unknown_customer", "there is no such customer")
        }
        if let other = from.mergedInto {
            guard other == into, let kept = try tx.mergeAnswer(of: merged) else { throw Rejection.merged(into: other) }
            return (target, try JSONDecoder().decode(Answer.self, from: Data(kept.text.utf8)), false)
        }
        if let other = target.mergedInto { throw Rejection.merged(into: other, at: "/into") }
        guard from.kind == target.kind else {
            throw Rejection.invalid(
                "/into", "other_kind",
                "is a \(target.kind.rawValue), and the other a \(from.kind.rawValue): what may be written to them differs"
            )
        }
        return nil
    }

    /// The first day that may count against a cap, in whatever zone.
    private static func capDay(_ context: Context) -> Day {
        Day(number: Int32(context.now.microseconds / 86_400_000_000)).adding(-9)
    }

    /// What is known of the one fills what is not known of the other.
    private func filled(_ target: CustomerRecord, from other: CustomerRecord) -> CustomerRecord {
        var record = target
        record.zone = target.zone ?? other.zone
        record.locale = target.locale ?? other.locale
        record.workflow = target.workflow ?? other.workflow
        record.traits.country = target.traits.country ?? other.traits.country
        record.traits.owner = target.traits.owner ?? other.traits.owner
        record.traits.exclusion = target.traits.exclusion ?? other.traits.exclusion
        record.traits.riskBand = target.traits.riskBand ?? other.traits.riskBand
        record.traits.collectionMethod = target.traits.collectionMethod ?? other.traits.collectionMethod
        for (name, value) in other.traits.attributes.sorted(by: { $0.key < $1.key })
        where record.traits.attributes[name] == nil && record.traits.attributes.count < TraitChanges.most {
            record.traits.attributes[name] = value
        }
        return record
    }

    /// What was one's money and the other's debt meet today, by the standing rule.
    private func joinAccounts(in tx: inout Transaction, _ context: Context) throws {
        let meetings = try tx.meetings(of: into)
        for (brand, invoices) in meetings.sorted(by: { $0.key < $1.key }) {
            try BookAccounts.run(
                customers: [into], invoices: invoices, since: try tx.today(of: brand, context), in: &tx, context)
        }
        try tx.crossMessages(customer: into, invoices: try tx.covered(among: meetings.values.flatMap { $0 }))
    }

    private func record(_ answer: Answer, in tx: inout Transaction, _ context: Context) throws {
        let detail = [
            "into": into.description, "merged": merged.description, "cases_moved": "\(answer.moved.count)",
            "cases_closed": "\(answer.closed.count)", "messages_under_way": "\(answer.underWay.count)",
        ]
        try tx.audit(
            context,
            [merged, into].map {
                AuditEntry(action: "customer.merged", subject: merged.uuid, customer: $0, detail: detail)
            })
        try tx.emit(
            context,
            Emission(
                .customerMerged, merged, customer: into,
                [
                    "into": .text(into.description), "cases_moved": .number(answer.moved.count),
                    "cases_closed": .number(answer.closed.count),
                ]))
    }

    /// Who was ending a hold or a task of the merged one at this very moment plans the cases of a customer that has none.
    private func lookAgain(in tx: inout Transaction, _ context: Context) throws {
        let at = context.now.adding(seconds: Self.lookAgainSeconds)
        try tx.enqueue(
            try tx.loadCases(customers: [into], now: context.now).map {
                NewDue(kind: .wake, ref: $0.id.uuid, lane: tx.tenantID, runAt: at)
            })
    }
}
