import Crypto
import Foundation

/// What a gateway tells us of a message we sent.
package struct TextReceipt: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// The gateway has it, or gave it on.
        case sent
        /// The telephone has it.
        case delivered
        /// Nobody got it.
        case failed
    }

    /// Our token of the attempt.
    package let ref: String?
    /// The gateway's own id.
    package let id: String?
    package let state: State
    package let code: String?
    /// The number itself is to blame for the failure.
    package let suppresses: Bool
}

/// What somebody wrote back.
package struct InboundText: Sendable, Hashable {
    /// The gateway's id, by which a repeated report is known.
    package let id: String?
    package let from: String
    package let text: String

    package init(id: String?, from: String, text: String) {
        self.id = id
        self.from = from
        self.text = text
    }
}

/// A request that claims to come from a gateway.
package struct TextHook: Sendable {
    /// As the gateway was given it, with its query.
    package let url: String
    /// By name in lower case.
    package let headers: [String: String]
    package let body: [UInt8]

    package init(url: String, headers: [String: String], body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// The value of a parameter of its address.
    func parameter(_ name: String) -> String? {
        guard let mark = url.firstIndex(of: "?") else { return nil }
        return FormText.fields(of: String(url[url.index(after: mark)...])).first { $0.name == name }?.value
    }
}

extension SMSRecipe {
    /// Our token in the address that receipts are sent to.
    package static let refParameter = "ref"

    /// Whether the request proves that it comes from the gateway.
    ///
    /// - Parameters:
    ///   - password: of the account, which Twilio signs with.
    ///   - secret: of the gateway's hooks, for an HMAC; without one nothing can be proven.
    package func proves(_ hook: TextHook, password: Secret?, secret: Secret?) -> Bool {
        switch proof {
        case .path: return true
        case .twilio:
            guard let password, let given = hook.headers["x-twilio-signature"].flatMap({ Data(base64Encoded: $0) })
            else { return false }
            let pairs = FormText.fields(of: String(decoding: hook.body, as: UTF8.self))
            let signed =
                hook.url
                + pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
                .map { $0.name + $0.value }.joined()
            return Self.isSigned(Data(signed.utf8), given, by: password, .sha1)
        case .hmac(let form):
            guard let secret, let header = hook.headers[form.header], header.hasPrefix(form.prefix) else {
                return false
            }
            let digits = String(header.dropFirst(form.prefix.count))
            guard let given = form.digits == .hex ? Self.bytes(hex: digits) : Data(base64Encoded: digits) else {
                return false
            }
            return Self.isSigned(Data(hook.body), given, by: secret, form.hash)
        }
    }

    /// The receipt in a hook; nil when this is none.
    package func receipt(in hook: TextHook) -> TextReceipt? {
        guard let form = receipt, let fields = AnswerFields(hook.body, form.encoding), let word = fields[form.state]
        else { return nil }
        let ref = hook.parameter(Self.refParameter) ?? fields[form.ref]
        let id = fields[form.id]
        guard ref != nil || id != nil else { return nil }
        let code = fields[form.code].flatMap { $0.isEmpty ? nil : String($0.prefix(100)) }
        return TextReceipt(
            ref: ref, id: id.map { String($0.prefix(200)) }, state: form.states[word] ?? .sent, code: code,
            suppresses: code.map(form.suppressing.contains) ?? false)
    }

    /// The message somebody wrote back; nil when this is none.
    package func inbound(in hook: TextHook) -> InboundText? {
        guard let form = inbound, let fields = AnswerFields(hook.body, form.encoding), let from = fields[form.from],
            let text = fields[form.text]
        else { return nil }
        return InboundText(
            id: fields[form.id].map { String($0.prefix(200)) }, from: from, text: String(text.prefix(2_000)))
    }

    private static func isSigned(_ data: Data, _ code: Data, by secret: Secret, _ hash: HMACForm.Hash) -> Bool {
        let key = SymmetricKey(data: Data(secret.revealed.utf8))
        // Compares in constant time.
        return switch hash {
        case .sha1: HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: data, using: key)
        case .sha256: HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: data, using: key)
        }
    }

    private static func bytes(hex: String) -> Data? {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2), digits.count <= 128 else { return nil }
        var data = Data()
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            data.append(byte)
        }
        return data
    }
}
