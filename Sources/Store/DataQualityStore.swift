package import Dunning
import Foundation
package import Postgres

/// Something in a tenant's data that keeps reminders or numbers from being right.
package enum DataFinding: String, Sendable, CaseIterable {
    case customersWithoutAddress = "customers_without_address"
    case duplicateAddresses = "duplicate_addresses"
    case invoicesWithoutDueDate = "invoices_without_due_date"
    case currenciesWithoutRate = "currencies_without_rate"
    case staleSources = "stale_sources"
    case waitingCredit = "waiting_credit"

    /// As a person would say it, to follow a count.
    package var words: String {
        switch self {
        case .customersWithoutAddress: "customers owe and have no usable e-mail address"
        case .duplicateAddresses: "e-mail addresses belong to several customers, who share one reader's caps"
        case .invoicesWithoutDueDate: "open invoices have no due date, so no step counts from them"
        case .currenciesWithoutRate: "currencies have no exchange rate to the base currency"
        case .staleSources: "sources have not been heard of for longer than they may be silent"
        case .waitingCredit: "payments wait as credit for invoices that are not known"
        }
    }
}

/// One thing a finding is about.
package struct DataQualityItem: Sendable, Hashable {
    /// What the next page comes after.
    package let place: String
    /// An id of ours, an address, a currency, or a source.
    package let subject: String
    package let name: String
    package let detail: String
}

extension Transaction {
    /// The items of a finding in a fixed order, `after` the place of the last one seen.
    package mutating func items(
        of finding: DataFinding, after: String, count: Int, now: Instant
    ) throws(PostgresError) -> [DataQualityItem] {
        let found: [Row]
        switch finding {
        case .customersWithoutAddress:
            found = try rows("data_quality_customers_without_address", tenantID, after, count)
        case .duplicateAddresses: found = try rows("data_quality_duplicate_addresses", tenantID, after, count)
        case .invoicesWithoutDueDate:
            found = try rows("data_quality_invoices_without_due_date", tenantID, after, count)
        case .currenciesWithoutRate: found = try rows("data_quality_currencies_without_rate", tenantID, after, count)
        case .staleSources: found = try rows("data_quality_stale_sources", tenantID, after, count, now)
        case .waitingCredit: found = try rows("data_quality_waiting_credit", tenantID, after, count)
        }
        return try found.map { row throws(PostgresError) in try Self.item(row, of: finding) }
    }

    private static func item(_ row: Row, of finding: DataFinding) throws(PostgresError) -> DataQualityItem {
        let (place, name, detail): (String, String, String) = (try row("subject"), try row("name"), try row("detail"))
        let id = UUID(uuidString: place)
        switch (finding, id) {
        case (.customersWithoutAddress, let id?):
            return DataQualityItem(place: place, subject: ID<Customer>(id).description, name: name, detail: detail)
        case (.invoicesWithoutDueDate, let id?):
            let customer = UUID(uuidString: detail).map { ID<Customer>($0).description } ?? detail
            return DataQualityItem(place: place, subject: ID<Invoice>(id).description, name: name, detail: customer)
        case (.waitingCredit, let id?):
            return DataQualityItem(place: place, subject: ID<Payment>(id).description, name: name, detail: detail)
        case (.duplicateAddresses, _):
            return DataQualityItem(place: place, subject: place, name: name, detail: "\(detail) customers")
        default: return DataQualityItem(place: place, subject: place, name: name, detail: detail)
        }
    }
}
