import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The API for tests and tools: health, ports, reactions, journal. Answers are JSON.
struct ControlRoutes: Sendable {
    private static let longestScript = 1 << 20
    /// Mails taken from the journal at a time, so that a large answer needs little memory.
    private static let batch = 100

    let journal: Journal
    let book: ReactionBook
    let board: AddressBoard

    func add(to router: Router<SandboxContext>) {
        router.get("/health") { _, _ in try Response.json(["status": "ok"]) }
        router.get("/ports") { _, _ in try Response.json(board.current) }

        router.get("/reactions") { _, _ in try reactions() }
        router.put("/reactions") { request, _ in
            let body = try await request.body.collect(upTo: Self.longestScript)
            book.replace(with: try ReactionScript(parsing: Data(body.readableBytesView)).reactions)
            return try reactions()
        }
        router.delete("/reactions") { _, _ in
            book.replace(with: [])
            return Response.nothing
        }

        router.get("/journal") { request, _ in list(try JournalQuery(reading: request.uri.queryParameters)) }
        router.delete("/journal") { _, _ in
            try journal.clear()
            return Response.nothing
        }
        router.get("/journal/stats") { _, _ in try Response.json(journal.stats) }
        router.get("/journal/auths") { _, _ in try Response.json(journal.auths) }
        router.get("/journal/{seq}") { _, context in
            try Response.json(JournalEntry(mail: try mail(context), detail: .full))
        }
        router.get("/journal/{seq}/raw") { _, context in
            guard let content = try mail(context).content else {
                throw Problem.notFound("this mail ended before its bytes came")
            }
            return Response.bytes(Data(content.raw), type: "message/rfc822")
        }
    }

    private func reactions() throws -> Response {
        try .json(book.current.map { ReactionAnswer(line: $0) })
    }

    private func mail(_ context: SandboxContext) throws -> Mail {
        let text = try context.parameters.require("seq")
        guard let seq = Int(text) else { throw Problem.badRequest("must be a whole number", field: "seq") }
        guard let mail = journal.mail(seq) else { throw Problem.notFound("no such mail, or it is forgotten") }
        return mail
    }

    /// Everything that matches up to the newest mail at this moment, written batch by batch.
    private func list(_ query: JournalQuery) -> Response {
        let newest = journal.lastSeq
        let type = query.asLines ? "application/x-ndjson" : "application/json"
        let body = ResponseBody { writer in
            var (cursor, left, isFirst) = (query.since, query.limit, true)
            if !query.asLines { try await writer.write(ByteBuffer(string: "[")) }
            while left > 0 {
                let found = journal.mails(after: cursor, matching: query.filter, limit: min(left, Self.batch))
                let mails = found.prefix { $0.seq <= newest }
                guard let last = mails.last else { break }
                var chunk = ByteBuffer()
                for mail in mails {
                    if !query.asLines, !isFirst { chunk.writeString(",\n") }
                    isFirst = false
                    chunk.writeBytes(try JSONText.encode(JournalEntry(mail: mail, detail: query.detail)))
                    if query.asLines { chunk.writeString("\n") }
                }
                try await writer.write(chunk)
                cursor = last.seq
                left -= mails.count
            }
            if !query.asLines { try await writer.write(ByteBuffer(string: "]")) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: type, .cacheControl: "no-store"], body: body)
    }
}
