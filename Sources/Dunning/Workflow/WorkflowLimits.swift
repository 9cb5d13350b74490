/// Where a workflow stops by itself, and when it rests. Part of a version.
package struct WorkflowLimits: Hashable, Sendable {
    package static let standardContacts = 12
    package static let standardCoolDown = 5

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
    /// Civil days since an invoice was issued before it is asked for, however early it was due; an invoice whose day of issue
    /// nobody knows goes by its due date alone.
    package var minimumAge: Int?
    /// Civil days after a payment was taken back; where it says nothing, ``standardCoolDown``.
    package var onReversal: Int?

    package init(
        maxContacts: Int? = nil, maxDays: Int? = nil, onReply: Int? = nil, onPartPayment: Int? = nil,
        minimumAmount: [Currency: Int64] = [:], minimumAge: Int? = nil, onReversal: Int? = nil
    ) {
        self.maxContacts = maxContacts
        self.maxDays = maxDays
        self.onReply = onReply
        self.onPartPayment = onPartPayment
        self.minimumAmount = minimumAmount
        self.minimumAge = minimumAge
        self.onReversal = onReversal
    }

    /// For how many days a case rests after a payment was taken back.
    package var coolDownDays: Int { onReversal ?? Self.standardCoolDown }
}
