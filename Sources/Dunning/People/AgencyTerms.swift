/// The conditions under which an agency takes a case.
package struct AgencyTerms: Hashable, Sendable {
    /// The least it takes, one for each currency it takes at all.
    package let minimums: [Money]
    /// Days since the oldest debt was due.
    package let minimumAgeDays: Int
    /// Whole days that the customer has to answer a final notice.
    package let responseDays: Int

    package init(minimums: [Money], minimumAgeDays: Int, responseDays: Int) {
        self.minimums = minimums
        self.minimumAgeDays = minimumAgeDays
        self.responseDays = responseDays
    }

    package func minimum(in currency: Currency) -> Money? { minimums.first { $0.currency == currency } }
}
