extension DefaultLetters {
    static let english = DefaultLetters(
        words: LetterWords(
            locale: .english, dearContact: "Dear {{contact.name}},", dearCustomer: "Dear {{customer.name}},",
            invoice: "Invoice", dueDate: "Due date", overdue: "Overdue by",
            days: "{{days_overdue}} " + plural("days_overdue", one: "day", other: "days"),
            invoiceTotal: "Invoice total", openAmount: "Open amount",
            unlisted: "Further invoices not listed here, included in the total", total: "Total in {{currency}}",
            credit: "Credit on your account, not yet deducted",
            reference:
                "Please state the invoice number{{#customer.external_id}} and your customer number "
                + "{{customer.external_id}}{{/customer.external_id}} with your payment."),
        courtesy: Letter(
            title: "Upcoming payment",
            subject: "Upcoming payment: {{total}} due on {{oldest_due_date}}",
            opening: [
                "Thank you for your business. This is a short note to let you know that a payment of {{total}} falls "
                    + "due on {{oldest_due_date}}."
            ],
            closing: [
                "There is nothing to do if the payment is already scheduled. If you have paid in the meantime, thank "
                    + "you, and please disregard this note.",
                "If anything about an invoice is unclear, please tell us now, so that we can settle it in good time. "
                    + reply,
                "Kind regards,",
            ]),
        friendly: Letter(
            title: "Friendly reminder",
            subject: "Friendly reminder: {{total}} is past due",
            opening: [
                "It may have slipped through: according to our records as of {{today}}, "
                    + plural(
                        "invoice_count", one: "the invoice below over {{total}} is past due",
                        other: "the {{invoice_count}} invoices below, {{total}} in all, are past due")
                    + ". We would appreciate your payment in the next few days."
            ],
            closing: [
                alreadyPaid,
                "If something keeps you from paying, or an invoice is not right, please let us know. " + reply,
                "Thank you and kind regards,",
            ]),
        firm: Letter(
            title: "Payment overdue",
            subject: "Payment overdue: {{total}} needs your attention",
            opening: [
                unpaid, "Please arrange payment within the next 7 days, or tell us by when we can expect it.",
            ],
            closing: [
                alreadyPaid,
                "If you dispute an invoice or cannot pay all of it at once, please contact us; we will look for a "
                    + "solution with you. " + reply,
                "Yours sincerely,",
            ]),
        final: Letter(
            title: "Final reminder",
            subject: "Final reminder: {{total}} overdue",
            opening: [
                unpaid,
                "This is our last reminder. If within 7 days of this message we receive neither your payment nor word "
                    + "from you, we will hand the matter over for further steps. We would much rather settle it with "
                    + "you directly.",
            ],
            closing: [
                alreadyPaid,
                "If you dispute an invoice, or need to agree on payment in parts, please contact us within that time. "
                    + reply,
                "Yours sincerely,",
            ]))

    private static let alreadyPaid =
        "If you have already paid, thank you, and please disregard this message. Should your payment have left you "
        + "more than a few days ago, tell us its date and reference, so that we can find it."
    private static let reply = "Just reply to this message{{#brand.phone}} or call {{brand.phone}}{{/brand.phone}}."
    private static let ago =
        "{{oldest_due_date}}, {{oldest_days_overdue}} " + plural("oldest_days_overdue", one: "day", other: "days")
        + " ago"
    private static let unpaid =
        "According to our records as of {{today}}, "
        + plural(
            "invoice_count", one: "the invoice below over {{total}} is still unpaid; it was due on ",
            other: "the {{invoice_count}} invoices below, {{total}} in all, are still unpaid; the oldest was due on ")
        + ago + "."
}
