extension DefaultLetters {
    static let german = DefaultLetters(
        words: LetterWords(
            locale: .german, dearContact: "Guten Tag {{contact.name}},",
            dearCustomer: "Sehr geehrte Damen und Herren,",
            invoice: "Rechnung", dueDate: "Fällig am", overdue: "Überfällig seit",
            days: "{{days_overdue}} " + plural("days_overdue", one: "Tag", other: "Tagen"),
            invoiceTotal: "Rechnungsbetrag", openAmount: "Offener Betrag",
            unlisted: "Weitere, hier nicht aufgeführte Rechnungen (in der Summe enthalten)",
            total: "Summe in {{currency}}", credit: "Guthaben auf Ihrem Konto, noch nicht verrechnet",
            reference:
                "Bitte geben Sie bei der Zahlung die Rechnungsnummer{{#customer.external_id}} und Ihre Kundennummer "
                + "{{customer.external_id}}{{/customer.external_id}} an."),
        courtesy: Letter(
            title: "Anstehende Zahlung",
            subject: "Anstehende Zahlung: {{total}}, fällig am {{oldest_due_date}}",
            opening: [
                "vielen Dank für Ihr Vertrauen. Mit dieser kurzen Nachricht möchten wir Sie darauf hinweisen, dass am "
                    + "{{oldest_due_date}} eine Zahlung von {{total}} fällig wird."
            ],
            closing: [
                "Wenn die Zahlung bereits veranlasst ist, brauchen Sie nichts weiter zu tun. Sollten Sie inzwischen "
                    + "gezahlt haben, danken wir Ihnen; dieser Hinweis hat sich dann erledigt.",
                "Falls Sie Fragen zu einer Rechnung haben, melden Sie sich bitte jetzt, damit wir sie rechtzeitig "
                    + "klären können. " + reply,
                greeting,
            ]),
        friendly: Letter(
            title: "Zahlungserinnerung",
            subject: "Zahlungserinnerung: {{total}} überfällig",
            opening: [
                "vielleicht ist es Ihrer Aufmerksamkeit entgangen: Nach unseren Unterlagen (Stand {{today}}) "
                    + plural(
                        "invoice_count", one: "ist die unten aufgeführte Rechnung über {{total}} überfällig",
                        other:
                            "sind die {{invoice_count}} unten aufgeführten Rechnungen über insgesamt {{total}} "
                            + "überfällig")
                    + ". Wir freuen uns, wenn Ihre Zahlung in den nächsten Tagen bei uns eingeht."
            ],
            closing: [
                alreadyPaid,
                "Falls Sie nicht zahlen können oder eine Rechnung nicht stimmt, teilen Sie uns das bitte mit. " + reply,
                "Vielen Dank und freundliche Grüße",
            ]),
        firm: Letter(
            title: "Überfällige Zahlung",
            subject: "Überfällige Zahlung: {{total}} – bitte um Ausgleich oder Rückmeldung",
            opening: [
                unpaid,
                "Bitte veranlassen Sie die Zahlung innerhalb der nächsten 7 Tage, oder teilen Sie uns mit, bis wann "
                    + "wir damit rechnen können.",
            ],
            closing: [
                alreadyPaid,
                "Falls Sie eine Rechnung beanstanden oder nicht alles auf einmal zahlen können, sprechen Sie uns bitte "
                    + "an; wir suchen mit Ihnen nach einer Lösung. " + reply,
                greeting,
            ]),
        final: Letter(
            title: "Letzte Zahlungserinnerung",
            subject: "Letzte Zahlungserinnerung: {{total}} überfällig",
            opening: [
                unpaid,
                "Dies ist unsere letzte Erinnerung. Wenn innerhalb von 7 Tagen nach dieser Nachricht weder Ihre "
                    + "Zahlung noch eine Rückmeldung bei uns eingeht, geben wir die Angelegenheit zur weiteren "
                    + "Bearbeitung ab. Viel lieber würden wir sie direkt mit Ihnen klären.",
            ],
            closing: [
                alreadyPaid,
                "Falls Sie eine Rechnung beanstanden oder eine Zahlung in Raten vereinbaren möchten, melden Sie sich "
                    + "bitte innerhalb dieser Frist. " + reply,
                greeting,
            ]))

    private static let greeting = "Mit freundlichen Grüßen"
    private static let alreadyPaid =
        "Falls Sie bereits gezahlt haben, danken wir Ihnen und bitten Sie, diese Nachricht als gegenstandslos zu "
        + "betrachten. Liegt Ihre Zahlung schon mehr als einige Tage zurück, nennen Sie uns bitte Datum und "
        + "Verwendungszweck, damit wir sie zuordnen können."
    private static let reply =
        "Antworten Sie einfach auf diese Nachricht{{#brand.phone}}, oder rufen Sie uns unter {{brand.phone}} "
        + "an{{/brand.phone}}."
    private static let ago =
        plural("oldest_days_overdue", one: "einem Tag", other: "{{oldest_days_overdue}} Tagen")
    private static let unpaid =
        "nach unseren Unterlagen (Stand {{today}}) "
        + plural(
            "invoice_count",
            one: "ist die unten aufgeführte Rechnung über {{total}} weiterhin offen; sie war am ",
            other:
                "sind die {{invoice_count}} unten aufgeführten Rechnungen über insgesamt {{total}} weiterhin offen; "
                + "die älteste war am ")
        + "{{oldest_due_date}} fällig, vor " + ago + "."
}
