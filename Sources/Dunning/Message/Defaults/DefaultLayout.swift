/// The shape that the default texts share: the same paragraphs and the same invoices, once as plain text and once as
/// html.
struct DefaultLayout {
    let words: LetterWords
    let title: String
    let subject: String
    let opening: [String]
    let showsDaysOverdue: Bool
    /// The last paragraph is the greeting above the brand's name.
    let closing: [String]
    let sms: String?

    var source: TemplateSource {
        TemplateSource(subject: subject, text: text, html: html, sms: sms)
    }

    // MARK: Plain text

    private var text: String {
        """
        {{> header}}

        {{#contact.name}}
        \(words.dearContact)
        {{/contact.name}}
        {{^contact.name}}
        \(words.dearCustomer)
        {{/contact.name}}

        \(opening.joined(separator: "\n\n"))

        {{#sections}}
        {{#invoices}}
        \(words.label(words.invoice)){{number}}
        \(words.label(words.dueDate)){{due_date}}
        \(showsDaysOverdue ? words.label(words.overdue) + words.days + "\n" : "")\
        \(words.label(words.invoiceTotal)){{total}}
        \(words.label(words.openAmount)){{open}}

        {{/invoices}}
        {{#unlisted_count}}
        \(words.unlisted)\(words.colon) {{unlisted_count}}

        {{/unlisted_count}}
        \(words.label(words.total)){{total}}
        {{#credit}}
        \(words.credit)\(words.colon) {{credit}}
        {{/credit}}

        {{/sections}}
        \(words.reference)

        \(closing.joined(separator: "\n\n"))
        {{brand.name}}

        {{> footer}}

        """
    }

    // MARK: HTML

    private var html: String {
        """
        <!DOCTYPE html>
        <html lang="{{locale}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        </head>
        <body style="margin:0;padding:0;background:#f3f4f6">
        <div style="\(Self.frame)">
        <div style="padding:0 0 16px;font-size:18px;font-weight:bold">
        {{> header}}
        </div>
        <div style="background:#ffffff;border:1px solid #e5e7eb;border-radius:6px;padding:24px">
        {{#contact.name}}
        \(Self.paragraph(words.dearContact))
        {{/contact.name}}
        {{^contact.name}}
        \(Self.paragraph(words.dearCustomer))
        {{/contact.name}}
        \(opening.map(Self.paragraph).joined(separator: "\n"))
        {{#sections}}
        \(table)
        {{/sections}}
        \(Self.paragraph(words.reference))
        \(closing.dropLast().map(Self.paragraph).joined(separator: "\n"))
        <p style="margin:0">\(closing.last ?? "")<br>{{brand.name}}</p>
        </div>
        <div style="padding:16px 0 0;font-size:13px;color:#6b7280">
        {{> footer}}
        </div>
        </div>
        </body>
        </html>

        """
    }

    /// Two lines to a cell: five columns with amounts in millions would not fit on a telephone.
    private var table: String {
        """
        <table style="width:100%;border-collapse:collapse;margin:0 0 16px;font-size:14px">
        <tr>
        \(Self.head(words.invoice, words.dueDate, "left"))
        \(showsDaysOverdue ? Self.head(words.overdue, nil, "right") + "\n" : "")\
        \(Self.head(words.invoiceTotal, words.openAmount, "right"))
        </tr>
        {{#invoices}}
        <tr>
        \(Self.cell("<strong>{{number}}</strong>", Self.quiet("{{due_date}}"), "left"))
        \(showsDaysOverdue ? Self.cell(words.days, nil, "right") + "\n" : "")\
        \(Self.cell(Self.quiet("{{total}}"), "<strong>{{open}}</strong>", "right"))
        </tr>
        {{/invoices}}
        {{#unlisted_count}}
        \(Self.row(words.unlisted, "{{unlisted_count}}", span: span))
        {{/unlisted_count}}
        \(Self.row("<strong>\(words.total)</strong>", "<strong>{{total}}</strong>", span: span))
        {{#credit}}
        \(Self.row(words.credit, "{{credit}}", span: span))
        {{/credit}}
        </table>
        """
    }

    private var span: Int { showsDaysOverdue ? 2 : 1 }

    private static let frame =
        "max-width:600px;margin:0 auto;padding:24px 16px;font-family:Helvetica,Arial,sans-serif;"
        + "font-size:15px;line-height:1.5;"
        + "color:#1f2937"

    private static func paragraph(_ text: String) -> String {
        "<p style=\"margin:0 0 16px\">\(text)</p>"
    }

    private static func head(_ first: String, _ second: String?, _ side: String) -> String {
        let text = [first, second].compactMap { $0 }.joined(separator: "<br>")
        return "<th scope=\"col\" style=\"text-align:\(side);vertical-align:top;padding:6px 8px;"
            + "border-bottom:2px solid #d1d5db\">\(text)</th>"
    }

    private static func cell(_ first: String, _ second: String?, _ side: String) -> String {
        let text = [first, second].compactMap { $0 }.joined(separator: "<br>\n")
        return "<td style=\"text-align:\(side);vertical-align:top;padding:6px 8px;"
            + "border-bottom:1px solid #e5e7eb\">\(text)</td>"
    }

    private static func quiet(_ text: String) -> String {
        "<span style=\"color:#6b7280\">\(text)</span>"
    }

    private static func row(_ label: String, _ value: String, span: Int) -> String {
        "<tr>\n<td colspan=\"\(span)\" style=\"text-align:left;padding:6px 8px\">\(label)</td>\n"
            + "<td style=\"text-align:right;padding:6px 8px\">\(value)</td>\n</tr>"
    }
}
