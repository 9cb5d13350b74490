/// The list of mails, newest first.
struct MailboxPage: Sendable {
    static let size = 50

    let mails: [Mail]
    let total: Int
    let number: Int
    let search: String
    /// Refused and dropped mails are listed too.
    let showsAll: Bool
    /// The page loads itself again every few seconds.
    let isLive: Bool
    let stats: Stats
    let addresses: Addresses

    private var last: Int { max(1, (total + Self.size - 1) / Self.size) }

    var html: HTML {
        let layout = Layout(title: "Mailbox", stats: stats, search: search, refresh: isLive ? 4 : nil)
        return layout.page(
            """
            <div class="head">
            <h1>\(heading)</h1>
            <nav class="views" aria-label="View">
            <div class="choices"><a href="/texts">Text messages</a></div>
            <div class="choices">\(choice("Live", isChosen: isLive, link(live: !isLive)))</div>
            <div class="choices">\(choice("Accepted", isChosen: !showsAll, link(all: false)))\
            \(choice("Everything", isChosen: showsAll, link(all: true)))</div>
            </nav>
            </div>
            \(mails.isEmpty ? empty : list)
            \(pager)
            """)
    }

    private var heading: HTML {
        search.isEmpty ? "Mailbox" : "Mail to <q>\(search)</q> <a class=\"clear\" href=\"/\">show all</a>"
    }

    private var list: HTML {
        "<ol class=\"mails\">\n\(mails.map(row))</ol>"
    }

    private func row(_ mail: Mail) -> HTML {
        let view = MailView(mail.content?.raw ?? [])
        let to = Person(parsing: view.headers["To"] ?? mail.envelope.to.first ?? "?")
        let from = Person(parsing: view.headers["From"] ?? mail.envelope.from)
        let subject =
            view.headers.decoded("Subject") ?? (mail.content == nil ? "(the mail never came)" : "(no subject)")
        let date = view.headers["Date"].flatMap(MailDate.parse) ?? mail.endedAt
        let more: HTML? = mail.envelope.to.count > 1 ? " <small>+\(mail.envelope.to.count - 1)</small>" : nil
        let attached: HTML? =
            view.attachments.isEmpty ? nil : "<i class=\"clip\">\(view.attachments.count) attached</i>"
        return """
            <li><a class="row" href="/mail/\(mail.seq)">
            \(Badge.avatar(to))
            <span class="who"><b><bdi>\(to.display)</bdi>\(more)</b>
            <small>from <bdi>\(from.display)</bdi></small></span>
            <span class="what"><b><bdi>\(subject)</bdi></b><small><bdi>\(Self.snippet(view))</bdi></small></span>
            <span class="tags">\(attached)\(mail.fate.outcome == .accepted ? nil : Badge.fate(mail))</span>
            <time datetime="\(MailDate.stamp(date))">\(MailDate.display(date))</time>
            </a></li>

            """
    }

    /// The first words of the text, for the eye.
    private static func snippet(_ view: MailView) -> String {
        let start = (view.text ?? "").prefix(400)
        return String(start.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(160))
    }

    private var empty: HTML {
        if !search.isEmpty || stats.kept > 0 {
            return """
                <div class="empty"><h2>Nothing here</h2>
                <p>No mail matches. <a href="/?show=all">Show everything</a></p></div>
                """
        }
        return """
            <div class="empty"><h2>No mail yet</h2>
            <p>Whatever is sent to this relay lands here and goes nowhere else.</p>
            <p>SMTP: <code>\(addresses.host):\(addresses.smtp)</code>, no TLS, any user name and password.</p>
            </div>
            """
    }

    // MARK: Links

    private func choice(_ text: String, isChosen: Bool, _ href: String) -> HTML {
        let current: HTML = isChosen ? " aria-current=\"true\"" : ""
        return "<a href=\"\(href)\"\(current)>\(text)</a>"
    }

    private func link(page: Int = 1, all: Bool? = nil, live: Bool? = nil) -> String {
        var items: [String] = []
        if !search.isEmpty { items.append("to=\(Self.queryEscaped(search))") }
        if all ?? showsAll { items.append("show=all") }
        if live ?? isLive { items.append("live=1") }
        if page > 1 { items.append("page=\(page)") }
        return items.isEmpty ? "/" : "/?" + items.joined(separator: "&")
    }

    private static func queryEscaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || "-._~@".contains(character))
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(character) : "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }

    private var pager: HTML? {
        guard total > 0 else { return nil }
        let first = min((number - 1) * Self.size + 1, total)
        let end = min(number * Self.size, total)
        let newer: HTML? = number > 1 ? "<a rel=\"prev\" href=\"\(link(page: number - 1))\">← Newer</a>" : nil
        let older: HTML? = number < last ? "<a rel=\"next\" href=\"\(link(page: number + 1))\">Older →</a>" : nil
        return """
            <nav class="pager" aria-label="Pages">\(newer)<span>\(Layout.grouped(first))–\(Layout.grouped(end)) of \
            \(Layout.grouped(total))</span>\(older)</nav>
            """
    }
}
