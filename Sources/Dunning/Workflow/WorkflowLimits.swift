/// Where a workflow stops by itself, and when it rests. Part of a version.
package struct WorkflowLimits: Hashable, Sendable {
    package static let standardContacts = 12

    /// Contacts after due in one cycle of a case; nil only in versions of before there was a limit.
    package var maxContacts: Int?
    /// Civil days from the opening of the case; later nobody is contacted.
    package var maxDays: Int?
    /// Days on which the brand works, after the customer wrote back.
    package var onReply: Int?
    /// Civil days after a part was paid.
    package var onPartPayment: Int?
    /// The least sum that is asked for, in minor units.
    package var minimumAmount: [Currency: Int64]

    package init(
        maxContacts: Int? = nil, maxDays: Int? = nil, onReply: Int? = nil, onPartPayment: Int? = nil,
        minimumAmount: [Currency: Int64] = [:]
    ) {
        self.maxContacts = maxContacts
        self.maxDays = maxDays
        self.onReply = onReply
        self.onPartPayment = onPartPayment
        self.minimumAmount = minimumAmount
    }
}
