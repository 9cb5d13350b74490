/// Which mails of the journal are wanted.
struct MailFilter: Sendable {
    var outcome: Fate.Outcome?
    var recipient: RecipientPattern?
    /// Part of a recipient's address, for people who type in a search field. Case does not matter.
    var fragment = ""

    func matches(_ mail: Mail) -> Bool {
        if let outcome, mail.fate.outcome != outcome { return false }
        if let recipient, !mail.envelope.to.contains(where: recipient.matches) { return false }
        guard !fragment.isEmpty else { return true }
        let wanted = fragment.lowercased()
        return mail.envelope.to.contains { $0.lowercased().contains(wanted) }
    }
}
