extension PersonalLetters {
    static let english = PersonalLetters(
        friendly: Letter(
            title: "Friendly reminder",
            subject: "A friendly reminder: {{total}} is past due",
            opening: [
                "It is easily overlooked: as of {{today}}, we have not received a payment for "
                    + invoices
                    + ". Please pay "
                    + plural("invoice_count", one: "it", other: "them")
                    + " in the next few days."
            ],
            closing: [
                "If you have already paid, thank you; there is nothing else to do.",
                "If you cannot pay everything at once, or an invoice does not look right, please tell "
                    + "us. We are glad to help, for instance with payment in parts. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: a friendly reminder that {{total}} was due on {{oldest_due_date}}. If you "
                + "have paid, thank you. {{#brand.phone}}Questions? {{brand.phone}}. {{/brand.phone}}Reply "
                + "STOP to get no more texts."),
        firm: Letter(
            title: "Payment overdue",
            subject: "Payment overdue: {{total}}",
            opening: [
                unpaid,
                "Please pay within 14 days of this message, or tell us by then when you will be able to.",
            ],
            closing: [
                alreadyPaid,
                "If money is short at the moment, please do not wait: we can agree on payment in parts. "
                    + "If you think that an invoice is wrong, tell us what is not right. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: {{total}}, due on {{oldest_due_date}}, is still unpaid. Please pay, or tell "
                + "us if you need more time{{#brand.phone}}: {{brand.phone}}{{/brand.phone}}. Reply STOP to "
                + "get no more texts."),
        final: Letter(
            title: "Final reminder",
            subject: "Final reminder: {{total}} overdue",
            opening: [
                unpaid,
                "This is our last reminder. If within 14 days of this message we receive neither your "
                    + "payment nor word from you, a member of our team will decide how to go on. We would much "
                    + "rather settle it with you directly.",
            ],
            closing: [
                alreadyPaid,
                "If you cannot pay all of it, need more time, or dispute an invoice, please contact us "
                    + "within that time; we will look for a solution with you. "
                    + reply,
                greeting,
            ]),
        renewal: Letter(
            title: "Your subscription payment",
            subject: "Your subscription: {{total}} has not been paid yet",
            opening: [
                "Thank you for your subscription. As of {{today}}, we have not received a payment for "
                    + invoices
                    + ". Perhaps a card has expired, or bank details have changed. Please arrange payment in "
                    + "the next few days."
            ],
            closing: [
                "Your subscription goes on as usual. If you have already paid, thank you, and please "
                    + "disregard this message.",
                "If an invoice is not right, or you have a question about your subscription, please let "
                    + "us know. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: {{total}} for your subscription was due on {{oldest_due_date}}. If you have "
                + "paid, thank you. {{#brand.phone}}Questions? {{brand.phone}}. {{/brand.phone}}Reply STOP to "
                + "get no more texts."),
        renewalFirm: Letter(
            title: "Subscription payment overdue",
            subject: "Your subscription: {{total}} is overdue",
            opening: [
                unpaid,
                "Please pay within 7 days of this message, so that your subscription goes on without a "
                    + "break, or tell us by when we can expect the payment.",
            ],
            closing: [
                alreadyPaid,
                "If you cannot pay everything at once, or dispute an invoice, please contact us; we will "
                    + "look for a solution with you. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: {{total}} for your subscription is overdue. Please pay within 7 days, or "
                + "contact us{{#brand.phone}}: {{brand.phone}}{{/brand.phone}}. Reply STOP to get no more "
                + "texts."),
        pause: Letter(
            title: "Last reminder before a pause",
            subject: "Last reminder before we pause your subscription: {{total}} overdue",
            opening: [
                unpaid,
                "This is our last reminder. If within 7 days of this message we receive neither your "
                    + "payment nor word from you, we will pause your subscription. Once your payment has "
                    + "reached us, it goes on.",
            ],
            closing: [
                alreadyPaid,
                "If you need more time, or dispute an invoice, please contact us within these 7 days; we "
                    + "will look for a solution with you. "
                    + reply,
                greeting,
            ]))

    private static let words = LetterWords.english
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
    private static let greeting = "Kind regards,"
    private static let invoices = plural(
        "invoice_count",
        one: "the invoice below over {{total}}",
        other: "the {{invoice_count}} invoices below, {{total}} in all")
}
