extension LetterWords {
    static let english = LetterWords(
        locale: .english, dearContact: "Dear {{contact.name}},", dearCustomer: "Dear {{customer.name}},",
        invoice: "Invoice", dueDate: "Due date", overdue: "Overdue by",
        days: "{{days_overdue}} " + plural("days_overdue", one: "day", other: "days"),
        invoiceTotal: "Invoice total", openAmount: "Open amount",
        unlisted: "Further invoices not listed here, included in the total", total: "Total in {{currency}}",
        credit: "Credit on your account, not yet deducted",
        reference:
            "Please state the invoice number{{#customer.external_id}} and your customer number "
            + "{{customer.external_id}}{{/customer.external_id}} with your payment.",
        unpaid: "According to our records as of {{today}}, "
            + plural(
                "invoice_count", one: "the invoice below over {{total}} is still unpaid; it was due on ",
                other:
                    "the {{invoice_count}} invoices below, {{total}} in all, are still unpaid; the oldest was due on ")
            + "{{oldest_due_date}}, {{oldest_days_overdue}} "
            + plural("oldest_days_overdue", one: "day", other: "days") + " ago.",
        alreadyPaid:
            "If you have already paid, thank you, and please disregard this message. Should your payment have left you "
            + "more than a few days ago, tell us its date and reference, so that we can find it.",
        reply: "Just reply to this message{{#brand.phone}} or call {{brand.phone}}{{/brand.phone}}.")
}

extension DefaultLetters {
    static let english = DefaultLetters(
        words: words,
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
        approval: Letter(
            title: "Before your payment falls due",
            subject:
                plural("invoice_count", one: "Invoice", other: "Invoices")
                + " due on {{oldest_due_date}}: is anything missing?",
            opening: [
                "We would like to make sure that nothing is missing for the payment of "
                    + plural(
                        "invoice_count",
                        one: "the invoice below over {{total}}, which falls due",
                        other: "the {{invoice_count}} invoices below, {{total}} in all, which fall due")
                    + " on {{oldest_due_date}}.",
                "If you still need a purchase order number, a document or a detail for your approval, "
                    + "please tell us now, so that we can send it in good time.",
            ],
            closing: [
                "If everything is in order, there is nothing to do. If you have paid in the meantime, "
                    + "thank you, and please disregard this note.",
                reply,
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
        neutral: Letter(
            title: "Payment reminder",
            subject: "Payment reminder: {{total}} outstanding",
            opening: [
                unpaid,
                "Please arrange payment, or tell us if you need anything from us before you can release "
                    + "it, such as a purchase order number or a copy of an invoice.",
            ],
            closing: [
                alreadyPaid,
                "If an invoice is not right, please let us know as well. "
                    + reply,
                "Kind regards,",
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
            ]),
        promise: Letter(
            title: "Your announced payment",
            subject: "Your announced payment has not reached us yet",
            opening: [
                "You told us of a payment that should have reached us by now. As of {{today}}, we have "
                    + "not found it in our records; "
                    + plural(
                        "invoice_count",
                        one: "the invoice below over {{total}} is still open",
                        other: "the {{invoice_count}} invoices below, {{total}} in all, are still open")
                    + ".",
                "Please look into it, and let us know when we can expect the payment.",
            ],
            closing: [
                alreadyPaid,
                "If your circumstances have changed, please tell us; we will look for a solution with "
                    + "you. "
                    + reply,
                "Kind regards,",
            ]),
        personal: .english)

    private static let words = LetterWords.english
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
}
