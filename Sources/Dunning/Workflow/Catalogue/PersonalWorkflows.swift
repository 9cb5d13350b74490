/// For persons, for subscribers, and for those who pay when they are told in time.
extension ReadyMadeWorkflow {
    static let b2c = ReadyMadeWorkflow(
        "b2c",
        "For persons: plain words, time to pay in parts, a text message where there is a number, and a last reminder on day "
            + "45. A person decides what comes after it.",
        [
            "name": "B2C", "gap": 7, "limits": ["max_contacts": 6, "on_reply": 5, "on_part_payment": 7],
            "steps": [
                ["key": "courtesy", "kind": "email", "template": "Courtesy note", "before_due": 3],
                [
                    "key": "friendly", "kind": "email", "template": "Friendly reminder to a person", "after_due": 5,
                    "fallback": "sms",
                ],
                [
                    "key": "text", "kind": "sms", "template": "Friendly reminder to a person", "after_due": 12,
                    "if": ["field": "has_channel", "is": "sms"], "stage": 1,
                ],
                [
                    "key": "firm", "kind": "email", "template": "Firm reminder to a person", "after_due": 21,
                    "fallback": "sms",
                ],
                [
                    "key": "final", "kind": "email", "template": "Final reminder to a person", "after_due": 45,
                    "tier": "final",
                ],
                // The last reminder names 14 days; then the end of the steps opens a task.
                ["key": "grace", "kind": "wait", "after_previous": 15],
                promiseBroken,
            ],
        ])

    static let subscription = ReadyMadeWorkflow(
        "subscription",
        "For subscriptions paid by invoice: quick and friendly, a text message, then a last reminder on day 16. A week later "
            + "your product is asked to pause the service.",
        [
            "name": "Subscription", "gap": 3, "limits": ["max_contacts": 5, "on_reply": 3, "on_part_payment": 3],
            "steps": [
                [
                    "key": "friendly", "kind": "email", "template": "Subscription: friendly reminder", "after_due": 2,
                    "fallback": "sms",
                ],
                [
                    "key": "text", "kind": "sms", "template": "Subscription: friendly reminder", "after_due": 5,
                    "if": ["field": "has_channel", "is": "sms"], "stage": 1,
                ],
                [
                    "key": "firm", "kind": "email", "template": "Subscription: firm reminder", "after_due": 9,
                    "fallback": "sms",
                ],
                [
                    "key": "final", "kind": "email", "template": "Subscription: last reminder before a pause",
                    "after_due": 16, "tier": "final",
                ],
                ["key": "pause", "kind": "service_signal", "after_previous": 8, "signal": "suspend"],
                [
                    "key": "review", "kind": "review_task", "after_previous": 7,
                    "script": "The service is paused and nobody has answered. Decide whether the subscription ends.",
                ],
            ],
        ])

    static let predue = ReadyMadeWorkflow(
        "predue_courtesy",
        "For customers who pay when they know in time: two notes before the due date, one friendly reminder after it, then a "
            + "person looks.",
        [
            "name": "Pre-due courtesy", "gap": 7, "limits": ["max_contacts": 3, "on_reply": 3],
            "steps": [
                ["key": "approval", "kind": "email", "template": "Approval before due", "before_due": 10],
                ["key": "courtesy", "kind": "email", "template": "Courtesy note", "before_due": 3],
                ["key": "friendly", "kind": "email", "template": "Friendly reminder", "after_due": 5],
                [
                    "key": "review", "kind": "review_task", "after_previous": 10,
                    "script": "This customer usually pays when told in time. Find out what is different.",
                ],
            ],
        ])
}
