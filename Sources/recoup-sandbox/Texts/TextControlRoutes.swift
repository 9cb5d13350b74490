import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The API for tests and tools, for text messages: reactions, journal, receipts, and what people write back.
struct TextControlRoutes: Sendable {
    private static let longestBody = 1 << 20
    private static let mostTimes = 1_000

    let desk: TextDesk

    func add(to router: Router<SandboxContext>) {
        router.get("/texts/reactions") { _, _ in try Response.json(desk.book.current) }
        router.put("/texts/reactions") { request, _ in
            desk.book.replace(with: try await Self.body(of: request))
            return try Response.json(desk.book.current)
        }
        router.delete("/texts/reactions") { _, _ in
            desk.book.replace(with: [])
            return Response.nothing
        }
        router.get("/texts/receipts") { _, _ in try Response.json(desk.habit) }
        router.put("/texts/receipts") { request, _ in
            desk.habit = try await Self.body(of: request)
            return try Response.json(desk.habit)
        }
        router.get("/texts/stats") { _, _ in try Response.json(desk.journal.counts) }
        router.get("/texts/journal") { request, _ in
            let query = request.uri.queryParameters
            let pattern = try query["to"].map { text in
                guard let pattern = NumberPattern(text.replacingOccurrences(of: " ", with: "+")) else {
                    throw Problem.badRequest("must be a number, +49* or *", field: "to")
                }
                return pattern
            }
            let outcome = try query["state"].map { text in
                guard let outcome = TextMessage.Outcome(rawValue: String(text)) else {
                    throw Problem.badRequest("must be accepted, refused or dropped", field: "state")
                }
                return outcome
            }
            let found = desk.journal.messages(
                after: query["since"].flatMap { Int($0) } ?? 0, to: pattern ?? .anyone, outcome: outcome,
                limit: query["limit"].flatMap { Int($0) } ?? 10_000)
            return try Response.json(found.map(TextEntry.init))
        }
        router.delete("/texts/journal") { _, _ in
            desk.journal.clear()
            return Response.nothing
        }
        router.post("/texts/journal/{seq}/receipts") { request, context in
            guard let message = context.parameters.get("seq", as: Int.self).flatMap(desk.journal.message) else {
                throw Problem.notFound("no such message, or it is forgotten")
            }
            let order: ReceiptOrder = try await Self.body(of: request)
            guard message.callback != nil else { throw Problem.badRequest("the message named no callback") }
            var statuses: [Int] = []
            for _ in 0..<min(max(order.times ?? 1, 1), Self.mostTimes) {
                statuses.append(await desk.report(message, order) ?? 0)
            }
            return try Response.json(["statuses": statuses])
        }
        router.post("/texts/inbound") { request, _ in
            let order: InboundOrder = try await Self.body(of: request)
            let known = order.secret ?? order.account.flatMap(desk.journal.secret)
            guard let secret = order.forged == true ? "forged" : known else {
                throw Problem.badRequest("no message of this account was seen; say its secret", field: "secret")
            }
            let id = order.id ?? "SM" + UUID().uuidString.filter(\.isHexDigit).lowercased()
            var statuses: [Int] = []
            for _ in 0..<min(max(order.times ?? 1, 1), Self.mostTimes) {
                statuses.append(
                    await desk.caller.post(order.form(id: id), as: order.gateway, to: order.url, signedBy: secret) ?? 0)
            }
            return try Response.json(["statuses": statuses])
        }
    }

    private static func body<Value: Decodable>(of request: Request) async throws -> Value {
        let bytes = try await request.body.collect(upTo: longestBody)
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes.readableBytesView))
        } catch {
            throw Problem(reading: error)
        }
    }
}
