import Crypto
import Foundation
import NIOCore
import NIOPosix

/// Calls the client back over plain HTTP, signed as the gateway would sign.
struct TextCaller: Sendable {
    /// The status of the answer; `nil` when there was none.
    func post(
        _ form: [String: String], as gateway: TextMessage.Gateway, to url: String, signedBy secret: String
    ) async -> Int? {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host else { return nil }
        let body: String
        let headers: [String: String]
        switch gateway {
        case .twilio:
            body = form.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.escaped($0.value))" }.joined(separator: "&")
            headers = [
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": Self.twilioSignature(of: form, at: url, key: secret),
            ]
        case .generic:
            guard let data = try? JSONText.encode(form) else { return nil }
            body = String(decoding: data, as: UTF8.self)
            headers = ["Content-Type": "application/json", "X-Signature": Self.signature(of: body, key: secret)]
        }
        var target = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        if let query = parts.percentEncodedQuery { target += "?" + query }
        let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        let request =
            "POST \(target) HTTP/1.1\r\nHost: \(host):\(parts.port ?? 80)\r\nConnection: close\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\(lines)\r\n\(body)"
        return await Self.status(of: request, at: host, parts.port ?? 80)
    }

    private static func status(of request: String, at host: String, _ port: Int) async -> Int? {
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            let limit = channel.channel.eventLoop.scheduleTask(in: .seconds(15)) {
                channel.channel.close(promise: nil)
            }
            defer { limit.cancel() }
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: request))
                var answer = ""
                for try await piece in inbound {
                    answer += String(buffer: piece)
                    // `HTTP/1.1 204 No Content`
                    let words = answer.prefix(64).split(separator: " ")
                    if words.count > 2 { return Int(words[1]) }
                }
                return nil
            }
        } catch {
            return nil
        }
    }

    /// Twilio, "Validating requests": the address, then names and values in the order of the names, under the token.
    static func twilioSignature(of form: [String: String], at url: String, key: String) -> String {
        let text = url + form.sorted { $0.key < $1.key }.map { $0.key + $0.value }.joined()
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data(key.utf8)))
        return Data(code).base64EncodedString()
    }

    static func signature(of body: String, key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: SymmetricKey(data: Data(key.utf8)))
        return code.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
