/// For companies that buy on 30 days net.
extension ReadyMadeWorkflow {
    static let b2bGentle = ReadyMadeWorkflow(
        "b2b_net30_gentle",
        "For companies one wants to keep: a note before the due date, three reminders over five weeks, then a person calls. "
            + "Nothing is announced and nobody is handed over.",
        [
            "name": "B2B net 30, gentle", "gap": 7,
            "limits": ["max_contacts": 6, "on_reply": 3, "on_part_payment": 5],
            "steps": [
                ["key": "courtesy", "kind": "email", "template": "Courtesy note", "before_due": 5],
                ["key": "friendly", "kind": "email", "template": "Friendly reminder", "after_due": 7],
                ["key": "reminder", "kind": "email", "template": "Payment reminder", "after_due": 21],
                ["key": "firm", "kind": "email", "template": "Firm reminder", "after_due": 35],
                // Time to answer; then the end of the steps opens a call task.
                ["key": "grace", "kind": "wait", "after_previous": 10],
                promiseBroken,
            ],
        ])

    static let b2bFirm = ReadyMadeWorkflow(
        "b2b_net30_firm",
        "For companies that need clear words: two reminders, a call, a final notice on day 28, and a hand-over to a collector "
            + "when a person approves it.",
        [
            "name": "B2B net 30, firm", "gap": 6,
            "limits": ["max_contacts": 6, "on_reply": 3, "on_part_payment": 3],
            "steps": [
                ["key": "courtesy", "kind": "email", "template": "Courtesy note", "before_due": 3],
                ["key": "reminder", "kind": "email", "template": "Payment reminder", "after_due": 3],
                ["key": "firm", "kind": "email", "template": "Firm reminder", "after_due": 12],
                [
                    "key": "call", "kind": "call_task", "after_due": 19, "deadline_business_days": 3,
                    "script": .text(
                        "Ask whether the invoices are in order and when they will be paid. Note a promise with its date; "
                            + "open a dispute for what is not in order."),
                    "outcomes": ["disputed": "clear_up", "wrong_number": "clear_up", "timeout": "final"],
                ],
                ["key": "final", "kind": "email", "template": "Final reminder", "after_due": 28, "tier": "final"],
                [
                    "key": "decide", "kind": "approve", "business_days_after_previous": 8, "deadline_business_days": 5,
                    "script": .text(
                        "The final notice named 7 days. Look for an answer or a payment that was not booked; then say whether "
                            + "the case goes to a collector."),
                    "outcomes": ["approved": "hand_over", "declined": "end", "timeout": "end"],
                ],
                ["key": "hand_over", "kind": "handover", "after_previous": 0, "then": "end"],
                clearUp, promiseBroken,
            ],
        ])

    static let enterprise = ReadyMadeWorkflow(
        "enterprise_collector",
        "For large accounts with a collector of their own: asks for missing papers before the due date, lets people call "
            + "between the letters, and sends the final notice only with an approval.",
        [
            "name": "Enterprise with collector", "gap": 7,
            "limits": ["max_contacts": 8, "on_reply": 5, "on_part_payment": 5],
            "steps": [
                ["key": "approval", "kind": "email", "template": "Approval before due", "before_due": 10],
                ["key": "reminder", "kind": "email", "template": "Payment reminder", "after_due": 3],
                [
                    "key": "first_call", "kind": "call_task", "after_due": 10, "deadline_business_days": 3,
                    "script": .text(
                        "Ask accounts payable for the state of each invoice: received, approved, in which payment run. Note "
                            + "what is missing and send it the same day."),
                    "outcomes": ["disputed": "clear_up", "wrong_number": "clear_up", "timeout": "tell_team"],
                ],
                [
                    "key": "tell_team", "kind": "notify_team", "after_previous": 0,
                    "notice": "A large account is overdue and was called; its account manager should know.",
                ],
                ["key": "firm", "kind": "email", "template": "Firm reminder", "after_due": 21],
                [
                    "key": "second_call", "kind": "call_task", "after_due": 30, "deadline_business_days": 3,
                    "script": "Speak with the person who releases payments. Agree on a date, or on payment in parts.",
                    "outcomes": ["disputed": "clear_up", "wrong_number": "clear_up", "timeout": "may_warn"],
                ],
                [
                    "key": "may_warn", "kind": "approve", "business_days_after_previous": 2,
                    "deadline_business_days": 5,
                    "script": "May the final notice go out? Ask the account manager first.",
                    "outcomes": ["approved": "final", "declined": "end", "timeout": "end"],
                ],
                [
                    "key": "final", "kind": "email", "template": "Final reminder", "business_days_after_previous": 0,
                    "tier": "final",
                ],
                [
                    "key": "decide", "kind": "approve", "business_days_after_previous": 8, "deadline_business_days": 5,
                    "script": "The final notice named 7 days. Say whether the case goes to a collector.",
                    "outcomes": ["approved": "hand_over", "declined": "end", "timeout": "end"],
                ],
                ["key": "hand_over", "kind": "handover", "after_previous": 0, "then": "end"],
                clearUp, promiseBroken,
            ],
        ])

    /// Where a call ends with a question: the letters stop, a person goes on.
    private static let clearUp: DocumentValue = [
        "key": "clear_up", "kind": "review_task", "after_previous": 0, "then": "end",
        "script": .text(
            "Settle what the call brought up: a dispute to open, an invoice to correct, a telephone number to find. "
                + "Then send by hand what fits."),
    ]

    /// A promise that was not kept is answered, whatever the case was at.
    static let promiseBroken: DocumentValue = [
        "key": "promise", "kind": "email", "template": "Announced payment missing", "on_event": "promise_broken",
        "days": 0,
    ]
}
