/// What every page has around its content.
struct Layout: Sendable {
    let title: String
    var stats: Stats
    /// What stands in the search field.
    var search = ""
    /// Asks the browser to load the page again; seconds.
    var refresh: Int?

    func page(_ content: HTML) -> HTML {
        let again: HTML? = refresh.map { "<meta http-equiv=\"refresh\" content=\"\($0)\">" }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            \(again)
            <title>\(title) · Recoup sandbox</title>
            <link rel="icon" href="\(Self.icon)">
            <style>\(Style.sheet)</style>
            </head>
            <body>
            <header class="bar">
            <div class="inner">
            <a class="brand" href="/">\(Self.mark)<span>Recoup</span><small>sandbox</small></a>
            <form class="search" action="/" method="get" role="search">
            <input type="search" name="to" value="\(search)" placeholder="Filter by recipient" aria-label="Recipient">
            </form>
            <ul class="counts">
            \(count("accepted", stats.accepted))\(count("waiting", stats.waiting))
            \(count("refused", stats.refused))\(count("dropped", stats.dropped))
            </ul>
            </div>
            </header>
            <main>
            \(content)
            </main>
            </body>
            </html>
            """
    }

    private func count(_ name: String, _ number: Int) -> HTML {
        let quiet: HTML = number == 0 ? " zero" : ""
        return "<li class=\"\(name)\(quiet)\"><b>\(Self.grouped(number))</b> \(name)</li>"
    }

    /// `1,234,567`
    static func grouped(_ number: Int) -> String {
        var out = ""
        for (place, digit) in String(number).reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3) { out.append(",") }
            out.append(digit)
        }
        return String(out.reversed())
    }

    /// `3.2 KB`
    static func size(_ bytes: Int) -> String {
        if bytes < 1_000 { return "\(bytes) B" }
        let (amount, unit) = bytes < 1_000_000 ? (bytes / 100, "KB") : (bytes / 100_000, "MB")
        return "\(amount / 10).\(amount % 10) \(unit)"
    }

    private static let mark: HTML = """
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#4f46e5"/>\
        <path d="M7 11.5 16 18l9-6.5M7 10h18v12.5H7z" fill="none" stroke="#fff" stroke-width="2.2" \
        stroke-linejoin="round" stroke-linecap="round"/></svg>
        """

    private static let icon = """
        data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' \
        rx='8' fill='%234f46e5'/%3E%3Cpath d='M7 11.5 16 18l9-6.5M7 10h18v12.5H7z' fill='none' stroke='%23fff' \
        stroke-width='2.2'/%3E%3C/svg%3E
        """
}
