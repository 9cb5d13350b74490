import Testing

@testable import recoup_sandbox

@Suite struct `Markup` {
    @Test func `text is escaped wherever it goes in`() {
        let hostile = "<script>\"'&</script>\u{0}\u{202E}\r\n"
        let html: HTML = "<a title=\"\(hostile)\">\(hostile)</a>"
        let safe = "&lt;script&gt;&quot;&#39;&amp;&lt;/script&gt;\u{FFFD}\n"
        #expect(html.markup == "<a title=\"\(safe)\">\(safe)</a>")
    }

    @Test func `markup goes in as it is`() {
        let inner: HTML = "<b>\(1)</b>"
        let none: HTML? = nil
        let html: HTML = "\(inner)\([inner, inner])\(none)"
        #expect(html.markup == "<b>1</b><b>1</b><b>1</b>")
    }

    @Test func `numbers and sizes are easy to read`() {
        #expect([0, 999, 1_000, 1_234_567].map(Layout.grouped) == ["0", "999", "1,000", "1,234,567"])
        #expect([0, 999, 1_500, 2_340_000].map(Layout.size) == ["0 B", "999 B", "1.5 KB", "2.3 MB"])
    }
}
