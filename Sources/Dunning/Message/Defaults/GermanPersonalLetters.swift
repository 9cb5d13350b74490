extension PersonalLetters {
    static let german = PersonalLetters(
        friendly: Letter(
            title: "Freundliche Erinnerung",
            subject: "Freundliche Erinnerung: {{total}} noch offen",
            opening: [
                "so etwas ist schnell übersehen: Bis heute ({{today}}) haben wir keine Zahlung für "
                    + invoices
                    + " erhalten. Bitte begleichen Sie den Betrag in den nächsten Tagen."
            ],
            closing: [
                "Falls Sie schon gezahlt haben: vielen Dank, dann hat sich diese Nachricht erledigt.",
                "Falls Sie nicht alles auf einmal zahlen können oder eine Rechnung nicht stimmt, melden "
                    + "Sie sich bitte. Wir helfen gern, zum Beispiel mit einer Zahlung in Raten. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: Zur Erinnerung: {{total}} war am {{oldest_due_date}} fällig. Schon bezahlt? "
                + "Dann vielen Dank. {{#brand.phone}}Fragen? {{brand.phone}}. {{/brand.phone}}Keine SMS mehr? "
                + "Antworten Sie STOPP."),
        firm: Letter(
            title: "Zahlung überfällig",
            subject: "Zahlung überfällig: {{total}}",
            opening: [
                unpaid,
                "Bitte zahlen Sie innerhalb von 14 Tagen nach dieser Nachricht, oder sagen Sie uns bis "
                    + "dahin, wann Ihnen die Zahlung möglich ist.",
            ],
            closing: [
                alreadyPaid,
                "Falls das Geld gerade knapp ist, warten Sie bitte nicht: Wir können mit Ihnen Raten "
                    + "vereinbaren. Falls Sie meinen, dass eine Rechnung nicht stimmt, schreiben Sie uns, was "
                    + "daran falsch ist. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: {{total}}, fällig am {{oldest_due_date}}, ist noch offen. Bitte zahlen Sie, "
                + "oder melden Sie sich, wenn Sie mehr Zeit brauchen{{#brand.phone}}: "
                + "{{brand.phone}}{{/brand.phone}}. Keine SMS mehr? Antworten Sie STOPP."),
        final: Letter(
            title: "Letzte Zahlungserinnerung",
            subject: "Letzte Erinnerung: {{total}} überfällig",
            opening: [
                unpaid,
                "Dies ist unsere letzte Erinnerung. Wenn innerhalb von 14 Tagen nach dieser Nachricht "
                    + "weder Ihre Zahlung noch eine Rückmeldung bei uns eingeht, entscheidet jemand aus "
                    + "unserem Team, wie es weitergeht. Viel lieber würden wir die Sache direkt mit Ihnen "
                    + "klären.",
            ],
            closing: [
                alreadyPaid,
                "Falls Sie nicht alles zahlen können, mehr Zeit brauchen oder eine Rechnung beanstanden, "
                    + "melden Sie sich bitte innerhalb dieser Frist; wir suchen mit Ihnen nach einer Lösung. "
                    + reply,
                greeting,
            ]),
        renewal: Letter(
            title: "Zahlung für Ihr Abonnement",
            subject: "Ihr Abonnement: {{total}} noch nicht bezahlt",
            opening: [
                "vielen Dank für Ihr Abonnement. Bis heute ({{today}}) haben wir keine Zahlung für "
                    + invoices
                    + " erhalten. Vielleicht ist eine Karte abgelaufen, oder eine Bankverbindung hat sich "
                    + "geändert. Bitte veranlassen Sie die Zahlung in den nächsten Tagen."
            ],
            closing: [
                "Ihr Abonnement läuft weiter wie gewohnt. Falls Sie schon gezahlt haben: vielen Dank, "
                    + "dann hat sich diese Nachricht erledigt.",
                "Falls eine Rechnung nicht stimmt oder Sie Fragen zu Ihrem Abonnement haben, melden Sie "
                    + "sich bitte. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: {{total}} für Ihr Abonnement war am {{oldest_due_date}} fällig. Schon "
                + "bezahlt? Dann vielen Dank. {{#brand.phone}}Fragen? {{brand.phone}}. {{/brand.phone}}Keine "
                + "SMS mehr? Antworten Sie STOPP."),
        renewalFirm: Letter(
            title: "Zahlung für Ihr Abonnement überfällig",
            subject: "Ihr Abonnement: {{total}} überfällig",
            opening: [
                unpaid,
                "Bitte zahlen Sie innerhalb von 7 Tagen nach dieser Nachricht, damit Ihr Abonnement ohne "
                    + "Unterbrechung weiterläuft, oder sagen Sie uns, bis wann wir mit der Zahlung rechnen "
                    + "können.",
            ],
            closing: [
                alreadyPaid,
                "Falls Sie nicht alles auf einmal zahlen können oder eine Rechnung beanstanden, sprechen "
                    + "Sie uns bitte an; wir suchen mit Ihnen nach einer Lösung. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: {{total}} für Ihr Abonnement ist überfällig. Bitte zahlen Sie innerhalb von "
                + "7 Tagen, oder melden Sie sich{{#brand.phone}}: {{brand.phone}}{{/brand.phone}}. Keine SMS "
                + "mehr? Antworten Sie STOPP."),
        pause: Letter(
            title: "Letzte Erinnerung vor einer Pause",
            subject: "Letzte Erinnerung, bevor wir Ihr Abonnement pausieren: {{total}} überfällig",
            opening: [
                unpaid,
                "Dies ist unsere letzte Erinnerung. Wenn innerhalb von 7 Tagen nach dieser Nachricht "
                    + "weder Ihre Zahlung noch eine Rückmeldung bei uns eingeht, pausieren wir Ihr Abonnement. "
                    + "Sobald Ihre Zahlung da ist, läuft es weiter.",
            ],
            closing: [
                alreadyPaid,
                "Falls Sie mehr Zeit brauchen oder eine Rechnung beanstanden, melden Sie sich bitte "
                    + "innerhalb dieser 7 Tage; wir suchen mit Ihnen nach einer Lösung. "
                    + reply,
                greeting,
            ]))

    private static let words = LetterWords.german
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
    private static let greeting = "Freundliche Grüße"
    private static let invoices = plural(
        "invoice_count",
        one: "die unten aufgeführte Rechnung über {{total}}",
        other: "die {{invoice_count}} unten aufgeführten Rechnungen über insgesamt {{total}}")
}
