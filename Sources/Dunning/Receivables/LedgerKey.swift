/// Within this key debts are netted and allocated: one customer, one brand, one currency.
package struct LedgerKey: Hashable, Sendable {
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let currency: Currency

    package init(customer: ID<Customer>, brand: ID<Brand>, currency: Currency) {
        self.customer = customer
        self.brand = brand
        self.currency = currency
    }
}
