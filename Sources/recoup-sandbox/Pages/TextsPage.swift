/// The list of text messages, newest first.
struct TextsPage: Sendable {
    static let size = 100

    let messages: [TextMessage]
    let counts: TextJournal.Counts
    let stats: Stats
    let addresses: Addresses

    var html: HTML {
        Layout(title: "Text messages", stats: stats).page(
            """
            <div class="head">
            <h1>Text messages</h1>
            <nav class="views" aria-label="View">
            <div class="choices"><a href="/">Mail</a><a href="/texts" aria-current="true">Text messages</a></div>
            </nav>
            </div>
            \(messages.isEmpty ? empty : list)
            """)
    }

    private var list: HTML {
        """
        <p>\(Layout.grouped(counts.accepted)) accepted, \(Layout.grouped(counts.refused)) refused, \
        \(Layout.grouped(counts.dropped)) dropped, \(Layout.grouped(counts.receipts)) receipts sent.</p>
        <ol class="mails">
        \(messages.map(row))</ol>
        """
    }

    private func row(_ message: TextMessage) -> HTML {
        let tag: HTML? =
            message.outcome == .accepted ? nil : "<i class=\"clip\">\(message.outcome.rawValue)</i>"
        return """
            <li><div class="row">
            \(Badge.avatar(Person(parsing: message.to)))
            <span class="who"><b><bdi>\(message.to)</bdi></b><small>from <bdi>\(message.from)</bdi></small></span>
            <span class="what"><bdi>\(message.text)</bdi></span>
            <span class="tags">\(tag)</span>
            <time datetime="\(MailDate.stamp(message.at))">\(MailDate.display(message.at))</time>
            </div></li>

            """
    }

    private var empty: HTML {
        """
        <div class="empty"><h2>No text message yet</h2>
        <p>Like Twilio: <code>http://\(addresses.host):\(addresses.http)</code>, any account and token.
        In JSON: <code>POST http://\(addresses.host):\(addresses.http)/messages</code> with any bearer token.</p></div>
        """
    }
}
