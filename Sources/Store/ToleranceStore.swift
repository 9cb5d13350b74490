package import Dunning
package import Postgres

extension Transaction {
    /// What is too little to ask for, one amount for each currency that has one.
    package mutating func tolerances() throws(PostgresError) -> [Money] {
        try rows("tolerance_all", tenantID).map { row throws(PostgresError) in
            Money(minor: try row("amount"), currency: try row("currency"))
        }
    }

    package mutating func replaceTolerances(by amounts: [Money]) throws(PostgresError) {
        try run("tolerance_clear", tenantID)
        try run("tolerance_add", tenantID, amounts.map(\.currency), amounts.map(\.minor))
    }

    /// Customers with open invoices in these currencies, in the order of their ids.
    package mutating func customers(
        owing currencies: [Currency], after: ID<Customer>?, count: Int
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("tolerance_customers", tenantID, currencies, after, count)
            .map { row throws(PostgresError) in try row("customer_id") }
    }
}
