import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The two pretend text gateways: one speaks like Twilio, the other JSON with a bearer token.
struct TextGatewayRoutes: Sendable {
    private static let longestBody = 65_536

    let desk: TextDesk

    /// What was asked for, whichever way.
    private struct Wish {
        let gateway: TextMessage.Gateway
        let account: String
        let secret: String
        var to = ""
        var from = ""
        var text = ""
        var ref: String?
        var callback: String?
    }

    func add(to router: Router<SandboxContext>) {
        router.post("/2010-04-01/Accounts/{account}/Messages.json") { request, context in
            let account = try context.parameters.require("account")
            guard let (user, password) = Self.basic(request), user == account else {
                return Self.answer(.init(code: 401), code: "20003", message: "Authenticate")
            }
            let fields = Self.form(try await Self.body(of: request))
            let callback = fields["StatusCallback"]
            return try await take(
                Wish(
                    gateway: .twilio, account: account, secret: password, to: fields["To"] ?? "",
                    from: fields["From"] ?? "", text: fields["Body"] ?? "", ref: Self.ref(in: callback),
                    callback: callback), context)
        }
        router.post("/messages") { request, context in
            guard let token = request.headers[.authorization]?.split(separator: " ").last, token.count < 1_000 else {
                return Self.answer(.init(code: 401), code: "no_token", message: "a bearer token is needed")
            }
            struct Body: Decodable {
                let to, from, text: String
                let reference, callback_url: String?
            }
            guard let body = try? JSONDecoder().decode(Body.self, from: Data(try await Self.body(of: request).utf8))
            else { return Self.answer(.badRequest, code: "bad_body", message: "to, from and text are needed") }
            return try await take(
                Wish(
                    gateway: .generic, account: "generic", secret: String(token), to: body.to, from: body.from,
                    text: body.text, ref: body.reference ?? Self.ref(in: body.callback_url),
                    callback: body.callback_url), context)
        }
    }

    private func take(_ wish: Wish, _ context: SandboxContext) async throws -> Response {
        let reaction = desk.book.take(to: wish.to, request: context.request)
        guard wish.to.wholeMatch(of: /\+[1-9][0-9]{6,14}/) != nil else {
            note(wish, .refused, status: 400, context)
            return Self.answer(
                .badRequest, code: wish.gateway == .twilio ? "21211" : "invalid_number",
                message: "The 'To' number \(wish.to) is not a valid phone number.")
        }
        guard !wish.text.isEmpty, !wish.from.isEmpty else {
            note(wish, .refused, status: 400, context)
            return Self.answer(.badRequest, code: "21602", message: "Message body and sender are required.")
        }
        let (outcome, status): (TextMessage.Outcome, Int?) =
            switch reaction?.action {
            case nil, .accept: (.accepted, wish.gateway == .twilio ? 201 : 202)
            case .reply: (.refused, reaction?.status)
            case .drop: (.dropped, nil)
            case .accept_then_reply: (.accepted, reaction?.status)
            case .accept_then_drop: (.accepted, nil)
            }
        let message = note(wish, outcome, status: status, context)
        desk.reportByHabit(message)
        if let delay = reaction?.delay { try await Task.sleep(for: .milliseconds(delay)) }
        guard let status else {
            try await context.channel.close()
            return .nothing
        }
        if let reaction, [.reply, .accept_then_reply].contains(reaction.action) {
            var response = Self.answer(
                .init(code: status), code: reaction.code ?? "", message: reaction.message ?? "as told")
            if let seconds = reaction.retryAfter { response.headers[.retryAfter] = String(seconds) }
            return response
        }
        return Self.accepted(message, status: status)
    }

    @discardableResult
    private func note(
        _ wish: Wish, _ outcome: TextMessage.Outcome, status: Int?, _ context: SandboxContext
    ) -> TextMessage {
        desk.journal.add { seq in
            TextMessage(
                seq: seq, gateway: wish.gateway, account: wish.account, secret: wish.secret, from: wish.from,
                to: wish.to, text: wish.text, ref: wish.ref, callback: wish.callback,
                id: wish.gateway == .twilio ? Self.sid(seq) : "m\(seq)", outcome: outcome, status: status,
                connection: context.connection, request: context.request, at: desk.now())
        }
    }

    private static func accepted(_ message: TextMessage, status: Int) -> Response {
        let body = [
            message.gateway == .twilio ? "sid" : "id": message.id, "status": "queued", "to": message.to,
        ]
        return (try? Response.json(body, status: .init(code: status))) ?? .nothing
    }

    /// Both forms of an error at once: Twilio's at the top, the other's below `error`.
    private static func answer(_ status: HTTPResponse.Status, code: String, message: String) -> Response {
        struct Fault: Encodable {
            let code: String
            let message: String
        }
        struct Body: Encodable {
            let code: String
            let message: String
            let error: Fault
        }
        let body = Body(code: code, message: message, error: Fault(code: code, message: message))
        return (try? Response.json(body, status: status)) ?? .nothing
    }

    private static func body(of request: Request) async throws -> String {
        String(buffer: try await request.body.collect(upTo: longestBody))
    }

    private static func basic(_ request: Request) -> (String, String)? {
        guard let header = request.headers[.authorization], header.hasPrefix("Basic "),
            let data = Data(base64Encoded: String(header.dropFirst(6)))
        else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }

    private static func form(_ body: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in body.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let text = parts.map {
                $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String($0)
            }
            fields[text[0]] = text.count > 1 ? text[1] : ""
        }
        return fields
    }

    private static func ref(in callback: String?) -> String? {
        callback.flatMap { URLComponents(string: $0) }?.queryItems?.first { $0.name == "ref" }?.value
    }

    private static func sid(_ seq: Int) -> String {
        let digits = String(seq)
        return "SM" + String(repeating: "0", count: max(0, 32 - digits.count)) + digits
    }
}
