/// One mail with its tabs.
struct MailPage: Sendable {
    enum Tab: String, Sendable, CaseIterable {
        case html, text, headers, raw

        var title: String {
            switch self {
            case .html: "HTML"
            case .text: "Text"
            case .headers: "Headers"
            case .raw: "Raw"
            }
        }
    }

    /// A page with megabytes of base64 helps nobody; the whole is one click away.
    private static let mostRaw = 200_000

    let mail: Mail
    let view: MailView
    let tab: Tab
    let newer: Int?
    let older: Int?
    let stats: Stats

    /// - Parameter wanted: the tab asked for; `nil` shows the best there is.
    init(_ mail: Mail, wanted: Tab?, newer: Int?, older: Int?, stats: Stats) {
        self.mail = mail
        self.newer = newer
        self.older = older
        self.stats = stats
        view = MailView(mail.content?.raw ?? [])
        tab = wanted ?? (view.html != nil ? .html : .text)
    }

    private var subject: String {
        view.headers.decoded("Subject") ?? (mail.content == nil ? "The mail never came" : "(no subject)")
    }

    var html: HTML {
        Layout(title: subject, stats: stats).page(
            """
            <nav class="crumbs"><a href="/">← Mailbox</a>
            <span>\(step("↑ Newer", newer))\(step("↓ Older", older))</span></nav>
            <article>
            <h1><bdi>\(subject)</bdi></h1>
            \(facts)
            \(attachments)
            <nav class="tabs" aria-label="Parts">\(Tab.allCases.map(link))</nav>
            \(content)
            </article>
            """)
    }

    private func step(_ text: String, _ seq: Int?) -> HTML {
        guard let seq else { return "<em>\(text)</em>" }
        return "<a href=\"/mail/\(seq)\">\(text)</a>"
    }

    private var facts: HTML {
        let from = Person(parsing: view.headers["From"] ?? mail.envelope.from)
        let date = view.headers["Date"].flatMap(MailDate.parse) ?? mail.endedAt
        let attempt: HTML? = view.headers["X-Recoup-Attempt"].map { "<i class=\"badge\">attempt <bdi>\($0)</bdi></i>" }
        let to = view.headers["To"].map { Person(parsing: $0) } ?? Person(parsing: mail.envelope.to.first ?? "?")
        let others: HTML? = mail.envelope.to.count > 1 ? " and \(mail.envelope.to.count - 1) more" : nil
        return """
            <div class="facts">\(Badge.avatar(from))
            <div class="people"><b><bdi>\(from.display)</bdi></b> <small>&lt;\(from.address)&gt;</small><br>
            to <bdi>\(to.display)</bdi> <small>&lt;\(to.address)&gt;</small>\(others)</div>
            <div class="when"><time datetime="\(MailDate.stamp(date))">\(MailDate.display(date)) UTC</time><br>
            \(Badge.fate(mail)) <i class="badge">\(Layout.size(mail.content?.raw.count ?? 0))</i> \(attempt)</div>
            </div>
            """
    }

    private var attachments: HTML? {
        guard !view.attachments.isEmpty else { return nil }
        let items: [HTML] = view.attachments.enumerated().map { index, part in
            """
            <li><a href="/mail/\(mail.seq)/attachment/\(index)" download>\(part.fileName ?? part.type.name)</a> \
            <small>\(Layout.size(part.bytes.count))</small></li>
            """
        }
        return "<ul class=\"attachments\">\(items)</ul>"
    }

    private func link(_ tab: Tab) -> HTML {
        let current: HTML = tab == self.tab ? " aria-current=\"page\"" : ""
        return "<a href=\"/mail/\(mail.seq)/\(tab.rawValue)\"\(current)>\(tab.title)</a>"
    }

    private var content: HTML {
        guard let raw = mail.content?.raw else {
            let reply = mail.fate.reply.map { "with “\($0)”" } ?? "without a reply"
            return
                "<p class=\"note\">This mail ended at \(mail.fate.stage.rawValue) \(reply), before its bytes came.</p>"
        }
        switch tab {
        case .html:
            guard view.html != nil else { return "<p class=\"note\">This mail has no HTML part.</p>" }
            // No allow-scripts and no allow-same-origin: whatever the mail holds, it stays in its box.
            return """
                <iframe class="body" title="The mail's HTML" src="/mail/\(mail.seq)/body" referrerpolicy="no-referrer" \
                sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
                """
        case .text:
            guard let text = view.text else { return "<p class=\"note\">This mail has no plain text part.</p>" }
            return "<pre class=\"body text\" dir=\"auto\">\(text)</pre>"
        case .headers:
            return headerTable
        case .raw:
            let cut: HTML? = raw.count > Self.mostRaw ? "<p class=\"note\">Only the start is shown.</p>" : nil
            return """
                <p class="note"><a href="/journal/\(mail.seq)/raw" download="mail-\(mail.seq).eml">Download</a> the exact bytes.</p>\
                \(cut)<pre class="body">\(Charset.text(raw.prefix(Self.mostRaw)))</pre>
                """
        }
    }

    private var headerTable: HTML {
        let envelope: [(String, String)] = [
            ("Envelope from", mail.envelope.from), ("Envelope to", mail.envelope.to.joined(separator: ", ")),
            ("AUTH user", mail.envelope.user ?? "none"), ("Connection", "\(mail.connection)"),
            ("Received", mail.receivedAt.map(MailDate.stamp) ?? "never"),
            ("Accepted", mail.acceptedAt.map(MailDate.stamp) ?? "no"), ("Reply", mail.fate.reply ?? "none written"),
        ]
        let fields = view.headers.fields.map { ($0.name, EncodedWord.decode($0.value)) }
        return """
            <table class="body"><caption>On the wire</caption>\(envelope.map(tableRow))</table>
            <table class="body"><caption>In the mail</caption>\(fields.map(tableRow))</table>
            """
    }

    private func tableRow(_ name: String, _ value: String) -> HTML {
        "<tr><th scope=\"row\">\(name)</th><td><bdi>\(value)</bdi></td></tr>"
    }
}
