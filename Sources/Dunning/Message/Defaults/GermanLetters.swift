/// A sentence goes on after the comma of the salutation, so the first paragraph begins in lower case.
extension LetterWords {
    static let german = LetterWords(
        locale: .german, dearContact: "Guten Tag {{contact.name}},",
        dearCustomer: company(
            "Sehr geehrte Damen und Herren,", person: "Guten Tag {{customer.name}},"),
        invoice: "Rechnung", dueDate: "Fällig am", overdue: "Überfällig seit",
        days: "{{days_overdue}} " + plural("days_overdue", one: "Tag", other: "Tagen"),
        invoiceTotal: "Rechnungsbetrag", openAmount: "Offener Betrag",
        unlisted: "Weitere, hier nicht aufgeführte Rechnungen (in der Summe enthalten)",
        total: "Summe in {{currency}}", credit: "Guthaben auf Ihrem Konto, noch nicht verrechnet",
        reference:
            "Bitte geben Sie bei der Zahlung die Rechnungsnummer{{#customer.external_id}} und Ihre Kundennummer "
            + "{{customer.external_id}}{{/customer.external_id}} an.",
        unpaid: "nach unseren Unterlagen (Stand {{today}}) "
            + plural(
                "invoice_count",
                one: "ist die unten aufgeführte Rechnung über {{total}} weiterhin offen; sie war am ",
                other:
                    "sind die {{invoice_count}} unten aufgeführten Rechnungen über insgesamt {{total}} weiterhin "
                    + "offen; die älteste war am ")
            + "{{oldest_due_date}} fällig, vor "
            + plural("oldest_days_overdue", one: "einem Tag", other: "{{oldest_days_overdue}} Tagen") + ".",
        alreadyPaid:
            "Falls Sie bereits gezahlt haben, danken wir Ihnen und bitten Sie, diese Nachricht als gegenstandslos zu "
            + "betrachten. Liegt Ihre Zahlung schon mehr als einige Tage zurück, nennen Sie uns bitte Datum und "
            + "Verwendungszweck, damit wir sie zuordnen können.",
        reply: "Antworten Sie einfach auf diese Nachricht{{#brand.phone}}, oder rufen Sie uns unter {{brand.phone}} "
            + "an{{/brand.phone}}.")
}

extension DefaultLetters {
    static let german = DefaultLetters(
        words: words,
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
        approval: Letter(
            title: "Vor der Fälligkeit",
            subject:
                plural("invoice_count", one: "Rechnung", other: "Rechnungen")
                + " fällig am {{oldest_due_date}}: Fehlt Ihnen noch etwas?",
            opening: [
                "wir möchten sichergehen, dass Ihnen für die Zahlung nichts fehlt: "
                    + plural(
                        "invoice_count",
                        one: "Die unten aufgeführte Rechnung über {{total}} wird",
                        other:
                            "Die {{invoice_count}} unten aufgeführten Rechnungen über insgesamt "
                            + "{{total}} werden")
                    + " am {{oldest_due_date}} fällig.",
                "Falls Sie noch eine Bestellnummer, eine Unterlage oder eine Angabe für die Freigabe "
                    + "benötigen, sagen Sie uns bitte jetzt Bescheid, damit wir sie Ihnen rechtzeitig zukommen "
                    + "lassen können.",
            ],
            closing: [
                "Wenn alles in Ordnung ist, brauchen Sie nichts weiter zu tun. Sollten Sie inzwischen "
                    + "gezahlt haben, danken wir Ihnen; dieser Hinweis hat sich dann erledigt.",
                reply,
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
        neutral: Letter(
            title: "Erinnerung an offene Rechnungen",
            subject: "Erinnerung: {{total}} noch offen",
            opening: [
                unpaid,
                "Bitte veranlassen Sie die Zahlung, oder sagen Sie uns, ob Ihnen dafür noch etwas fehlt, "
                    + "zum Beispiel eine Bestellnummer oder eine Rechnungskopie.",
            ],
            closing: [
                alreadyPaid,
                "Auch wenn eine Rechnung nicht stimmt, teilen Sie uns das bitte mit. "
                    + reply,
                greeting,
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
            ]),
        promise: Letter(
            title: "Ihre angekündigte Zahlung",
            subject: "Ihre angekündigte Zahlung ist noch nicht eingegangen",
            opening: [
                "Sie hatten uns eine Zahlung angekündigt, die inzwischen bei uns sein sollte. Nach "
                    + "unseren Unterlagen (Stand {{today}}) ist sie noch nicht eingegangen; "
                    + plural(
                        "invoice_count",
                        one: "die unten aufgeführte Rechnung über {{total}} ist",
                        other:
                            "die {{invoice_count}} unten aufgeführten Rechnungen über insgesamt "
                            + "{{total}} sind")
                    + " weiterhin offen.",
                "Bitte sehen Sie nach, und sagen Sie uns, wann wir mit der Zahlung rechnen können.",
            ],
            closing: [
                alreadyPaid,
                "Falls sich bei Ihnen etwas geändert hat, sprechen Sie uns bitte an; wir suchen mit "
                    + "Ihnen nach einer Lösung. "
                    + reply,
                greeting,
            ]),
        personal: .german)

    private static let greeting = "Mit freundlichen Grüßen"
    private static let words = LetterWords.german
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
}
