/// The apology for a reminder of what had been paid: short, and it asks for nothing. `{{today}}` is the day of the reminder.
package enum CorrectionNote {
    private struct Words {
        let letters: LetterWords
        let subject: String
        let body: [String]
    }

    /// The customer's language, else the brand's, else English.
    package static func choice(
        customer: LanguageTag?, brand: LanguageTag
    ) -> (source: TemplateSource, locale: LanguageTag) {
        let wanted = [customer, brand].compactMap(\.self)
        for tag in wanted {
            if let words = all.first(where: { $0.letters.locale.language == tag.language }) {
                return (source(words), tag)
            }
        }
        return (source(all[0]), .english)
    }

    private static func source(_ words: Words) -> TemplateSource {
        let letters = words.letters
        let greeting = """
            {{#contact.name}}\(letters.dearContact){{/contact.name}}{{^contact.name}}\(letters.dearCustomer){{/contact.name}}
            """
        let text = """
            {{> header}}

            \(greeting)

            \(words.body[0])

            {{#invoices}}
            \(letters.invoice)\(letters.colon) {{number}}
            {{/invoices}}

            \(words.body[1])

            \(words.body[2])
            {{brand.name}}

            {{> footer}}

            """
        let html = """
            <!doctype html><html lang="{{locale}}"><body style="font-family:sans-serif;line-height:1.5">
            <div style="white-space:pre-line">{{> header}}</div>
            <p>\(greeting)</p><p>\(words.body[0])</p>
            <ul>{{#invoices}}<li>\(letters.invoice)\(letters.colon) {{number}}</li>{{/invoices}}</ul>
            <p>\(words.body[1])</p><p>\(words.body[2])<br>{{brand.name}}</p>
            <div style="white-space:pre-line">{{> footer}}</div>
            </body></html>
            """
        return TemplateSource(subject: words.subject, text: text, html: html)
    }

    private static let all = [
        Words(
            letters: DefaultLetters.english.words, subject: "Our reminder of {{today}} was a mistake",
            body: [
                "On {{today}} we reminded you of a payment that you had already made:",
                "Nothing is owed on it. Please disregard our message; we apologise for the trouble.",
                "Kind regards,",
            ]),
        Words(
            letters: DefaultLetters.german.words, subject: "Unsere Erinnerung vom {{today}} war ein Irrtum",
            body: [
                "am {{today}} haben wir Sie an eine Zahlung erinnert, die Sie bereits geleistet hatten:",
                "Hierauf ist nichts mehr offen. Bitte betrachten Sie unsere Nachricht als gegenstandslos und "
                    + "entschuldigen Sie das Versehen.",
                "Mit freundlichen Grüßen",
            ]),
        Words(
            letters: DefaultLetters.french.words, subject: "Notre rappel du {{today}} était une erreur",
            body: [
                "Le {{today}}, nous vous avons rappelé un paiement que vous aviez déjà effectué\u{A0}:",
                "Plus rien n’est dû à ce titre. Nous vous prions de ne pas tenir compte de notre message et de nous "
                    + "excuser pour cette erreur.",
                "Cordialement,",
            ]),
        Words(
            letters: DefaultLetters.spanish.words, subject: "Nuestro aviso del {{today}} fue un error",
            body: [
                "El {{today}} le recordamos un pago que usted ya había realizado:",
                "No hay nada pendiente por este concepto. Le rogamos que no tenga en cuenta nuestro mensaje y que "
                    + "disculpe las molestias.",
                "Atentamente,",
            ]),
        Words(
            letters: DefaultLetters.japanese.words, subject: "{{today}}付のご案内についてのお詫び",
            body: [
                "{{today}}に、すでにお支払いいただいていた下記の請求についてご案内をお送りしてしまいました。",
                "こちらの請求に未払いはございません。先のご案内は破棄していただきますようお願い申し上げます。"
                    + "ご迷惑をおかけしましたことを深くお詫び申し上げます。",
                "何卒よろしくお願い申し上げます。",
            ]),
    ]
}
