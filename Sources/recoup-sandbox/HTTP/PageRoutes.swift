import Foundation
import HTTPTypes
import Hummingbird

/// The pages for people.
struct PageRoutes: Sendable {
    let journal: Journal
    let texts: TextJournal
    let board: AddressBoard

    func add(to router: Router<SandboxContext>) {
        router.get("/") { request, _ in mailbox(request) }
        router.get("/texts") { _, _ in
            let newest = Array(texts.messages().suffix(TextsPage.size).reversed())
            return Response.page(
                TextsPage(messages: newest, counts: texts.counts, stats: journal.stats, addresses: board.current).html)
        }
        router.get("/mail/{seq}") { _, context in mail(context, tab: nil) }
        router.get("/mail/{seq}/body") { _, context in
            guard let html = view(context)?.html else { return missing }
            return Response.stranger(html)
        }
        router.get("/mail/{seq}/attachment/{index}") { _, context in attachment(context) }
        router.get("/mail/{seq}/{tab}") { _, context in
            guard let tab = context.parameters.get("tab", as: MailPage.Tab.self) else { return missing }
            return mail(context, tab: tab)
        }
    }

    private func mailbox(_ request: Request) -> Response {
        let query = request.uri.queryParameters
        let search = String(query["to"] ?? "").trimmed
        let showsAll = query["show"] == "all"
        let number = min(max(query["page"].flatMap { Int($0) } ?? 1, 1), 1_000_000)
        let filter = MailFilter(outcome: showsAll ? nil : .accepted, fragment: search)
        let (mails, total) = journal.page(number, of: MailboxPage.size, matching: filter)
        let page = MailboxPage(
            mails: mails, total: total, number: number, search: search, showsAll: showsAll,
            isLive: query["live"] == "1", stats: journal.stats, addresses: board.current)
        return .page(page.html)
    }

    private func found(_ context: SandboxContext) -> Mail? {
        context.parameters.get("seq", as: Int.self).flatMap(journal.mail)
    }

    private func view(_ context: SandboxContext) -> MailView? {
        found(context)?.content.map { MailView($0.raw) }
    }

    private func mail(_ context: SandboxContext, tab: MailPage.Tab?) -> Response {
        guard let mail = found(context) else { return missing }
        let (newer, older) = journal.neighbours(of: mail.seq)
        return .page(MailPage(mail, wanted: tab, newer: newer, older: older, stats: journal.stats).html)
    }

    /// Always as a download of unknown type: what a stranger attached must not open as a page of ours.
    private func attachment(_ context: SandboxContext) -> Response {
        guard let parts = view(context)?.attachments, let index = context.parameters.get("index", as: Int.self),
            parts.indices.contains(index)
        else { return missing }
        let name = (parts[index].fileName ?? "attachment").unicodeScalars.map { scalar in
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789.-_ ".unicodeScalars.contains(scalar))
            return isPlain ? Character(scalar) : "_"
        }
        var response = Response.bytes(Data(parts[index].bytes), type: "application/octet-stream")
        response.headers[.contentDisposition] = "attachment; filename=\"\(String(name))\""
        return response
    }

    private var missing: Response {
        let content: HTML = """
            <div class="empty"><h2>Not here</h2><p>There is no such mail, or it is forgotten.</p>
            <p><a href="/">Back to the mailbox</a></p></div>
            """
        return .page(Layout(title: "Not found", stats: journal.stats).page(content), status: .notFound)
    }
}
