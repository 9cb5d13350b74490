/// The English texts a new tenant starts with: one for each step of the default workflow.
///
/// No text says that earlier ones were sent, since an entry policy may start a case at any stage; none names a step
/// that Recoup does not take.
package struct DefaultTemplate: Hashable, Sendable {
    /// Stable; also the key of the default workflow's step.
    package let key: String
    package let name: String
    /// Days from the due date; negative before it.
    package let day: Int
    package let stage: Int
    package let source: TemplateSource

    /// In the order in which they are sent.
    package static let all = [courtesy, friendly, firm, final]

    /// What stands above every message unless the brand says otherwise.
    package static let header = "{{brand.name}}"

    /// What stands below every message unless the brand says otherwise.
    package static let footer = """
        {{brand.legal_name}}
        {{#brand.address}}
        {{brand.address}}
        {{/brand.address}}
        {{#brand.reply_to}}
        E-mail: {{brand.reply_to}}
        {{/brand.reply_to}}
        {{#brand.phone}}
        Phone: {{brand.phone}}
        {{/brand.phone}}
        """

    package static let courtesy = DefaultTemplate(
        key: "courtesy", name: "Courtesy note", day: -3, stage: 0,
        source: DefaultLayout(
            title: "Upcoming payment",
            subject: "Upcoming payment: {{total}} due on {{oldest_due_date}}",
            opening: [
                "Thank you for your business. This is a short note to let you know that a payment of {{total}} "
                    + "falls due on "
                    + "{{oldest_due_date}}."
            ],
            showsDaysOverdue: false,
            closing: [
                "There is nothing to do if the payment is already scheduled. If you have paid in the meantime, "
                    + "thank you, and please "
                    + "disregard this note.",
                "If anything about an invoice is unclear, please tell us now, so that we can settle it in good time. "
                    + DefaultLayout.reply,
                "Kind regards,",
            ]
        ).source)

    package static let friendly = DefaultTemplate(
        key: "friendly", name: "Friendly reminder", day: 3, stage: 1,
        source: DefaultLayout(
            title: "Friendly reminder",
            subject: "Friendly reminder: {{total}} is past due",
            opening: [
                "It may have slipped through: according to our records as of {{today}}, {{total}} is past due. "
                    + "We would appreciate your "
                    + "payment in the next few days."
            ],
            showsDaysOverdue: true,
            closing: [
                DefaultLayout.alreadyPaid,
                "If something keeps you from paying, or an invoice is not right, please let us know. "
                    + DefaultLayout.reply,
                "Thank you and kind regards,",
            ]
        ).source)

    package static let firm = DefaultTemplate(
        key: "firm", name: "Firm reminder", day: 14, stage: 2,
        source: DefaultLayout(
            title: "Payment overdue",
            subject: "Payment overdue: {{total}} needs your attention",
            opening: [
                "According to our records as of {{today}}, {{total}} is still unpaid; the oldest invoice was due "
                    + "on {{oldest_due_date}}, "
                    + "{{oldest_days_overdue}} days ago.",
                "Please arrange payment within the next 7 days, or tell us by when we can expect it.",
            ],
            showsDaysOverdue: true,
            closing: [
                DefaultLayout.alreadyPaid,
                "If you dispute an invoice or cannot pay all of it at once, please contact us; we will look for "
                    + "a solution with you. "
                    + DefaultLayout.reply,
                "Yours sincerely,",
            ]
        ).source)

    package static let final = DefaultTemplate(
        key: "final", name: "Final reminder", day: 30, stage: 3,
        source: DefaultLayout(
            title: "Final reminder",
            subject: "Final reminder: {{total}} overdue",
            opening: [
                "According to our records as of {{today}}, {{total}} remains unpaid; the oldest invoice was due "
                    + "on {{oldest_due_date}}, "
                    + "{{oldest_days_overdue}} days ago.",
                "This is our last reminder. If within 7 days of this message we receive neither your payment nor "
                    + "word from you, we will "
                    + "hand the matter over for further steps. We would much rather settle it with you directly.",
            ],
            showsDaysOverdue: true,
            closing: [
                DefaultLayout.alreadyPaid,
                "If you dispute an invoice, or need to agree on payment in parts, please contact us within that time. "
                    + DefaultLayout.reply,
                "Yours sincerely,",
            ]
        ).source)
}
