package import Dunning
import Postgres
import Store

/// Who owes, as a request names the customer: by our id, or by what the customer is called where it comes from.
package enum Debtor: Sendable, Hashable {
    case id(ID<Customer>)
    case externalID(String)

    var text: String {
        switch self {
        case .id(let id): id.description
        case .externalID(let name): "external:\(name)"
        }
    }

    /// Locks the customer's cases, then its accounts: the order in which everything that moves money locks.
    func lock(in tx: inout Transaction) throws -> ID<Customer> {
        switch self {
        case .id(let id):
            try tx.lockCases(customers: [id])
            guard try tx.lockAccounts([id]).contains(id) else {
                if let other = try tx.customer(id)?.mergedInto {
                    throw Rejection.merged(into: other, at: "/customer_id")
                }
                throw unknown("/customer_id")
            }
            return id
        case .externalID(let name):
            guard let id = try tx.customer(named: name) else { throw unknown("/customer_external_id") }
            try Self.lock(id, in: &tx)
            return id
        }
    }

    /// The same for a customer that was read: one that has been merged into another since has the transaction run again.
    static func lock(_ customer: ID<Customer>, in tx: inout Transaction) throws {
        try PlanCases.lock(customers: [customer], in: &tx)
        if try tx.lockAccounts([customer]).isEmpty { try tx.checkStay([customer]) }
    }

    private func unknown(_ pointer: String) -> Rejection {
        .invalid(pointer, "unknown_customer", "there is no such customer")
    }
}

/// The name of a source: short, so that it fits into addresses and labels.
package enum SourceRule {
    package static func check(_ name: String, at pointer: String = "?source") throws(Rejection) {
        let isName =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
                    || [45, 46, 95].contains($0)
            }
        guard isName else {
            throw .invalid(pointer, "bad_source", "must be 1 to 64 letters, digits, dots, hyphens and underscores")
        }
    }
}
