import Foundation

/// How one kind of text-message gateway is talked to, as data: what is asked of it, and what its words mean.
///
/// A recipe is checked as a whole when it is saved (``SMSRecipe/init(json:)``); filling it in has no logic and cannot fail in a
/// way that depends on who is written to.
package struct SMSRecipe: Sendable, Hashable {
    package enum Encoding: String, Sendable, Hashable, CaseIterable {
        case form, json
    }

    package enum Authentication: String, Sendable, Hashable, CaseIterable {
        /// RFC 7617: user name and password.
        case basic
        /// RFC 6750: the password is the token.
        case bearer
        /// Headers or fields of the recipe carry the password, or there is none.
        case none
    }

    package struct Request: Sendable, Hashable {
        package let path: Filling
        package let authentication: Authentication
        /// In the order of their names.
        package let headers: [Named]
        package let encoding: Encoding
        package let fields: [Named]
        /// Whether numbers go without their `+`.
        package let numbersAreDigits: Bool
    }

    package struct Named: Sendable, Hashable {
        package let name: String
        package let value: Filling
    }

    package struct Answer: Sendable, Hashable {
        /// Statuses that mean yes, if `success` holds too.
        package let accepted: [Int]
        /// Gateways that answer 200 to everything say what they mean in the body.
        package let success: Success?
        package let id: ValuePath?
        package let code: ValuePath?
        package let text: ValuePath?
        /// The first that fits decides.
        package let rules: [Rule]
        /// What 500, 502 and 504 mean: the message may have been taken before the gateway fell over.
        package let serverErrorsAreUnknown: Bool
    }

    package struct Success: Sendable, Hashable {
        package let path: ValuePath
        package let equals: [String]
    }

    /// What a status, an error code, or both mean.
    package struct Rule: Sendable, Hashable {
        package enum Meaning: String, Sendable, Hashable, CaseIterable {
            case transient, throttled, recipient, content, sender, gateway, unknown
        }

        package let status: Int?
        package let code: String?
        package let meaning: Meaning
    }

    package struct Receipt: Sendable, Hashable {
        package let encoding: Encoding
        /// The gateway's id of the message.
        package let id: ValuePath?
        /// Our own token; the address that receipts are sent to holds it too.
        package let ref: ValuePath?
        package let state: ValuePath
        package let code: ValuePath?
        /// What the gateway's words mean; one that is not listed says that it has the message, and no more.
        package let states: [String: TextReceipt.State]
        /// Codes of a failure that is the number's own fault.
        package let suppressing: [String]
    }

    package struct Inbound: Sendable, Hashable {
        package let encoding: Encoding
        package let id: ValuePath?
        package let from: ValuePath
        package let text: ValuePath
    }

    /// How what the gateway sends us proves that it comes from there.
    package enum Proof: Sendable, Hashable {
        /// The address it was sent to holds a token that nobody else knows.
        case path
        /// `X-Twilio-Signature`: the address and the sorted fields under the account's token.
        case twilio
        /// A header with an HMAC of the body under the gateway's hook secret.
        case hmac(HMACForm)
    }

    package struct HMACForm: Sendable, Hashable {
        package enum Hash: String, Sendable, Hashable, CaseIterable { case sha256, sha1 }
        package enum Digits: String, Sendable, Hashable, CaseIterable { case hex, base64 }

        package let header: String
        package let hash: Hash
        package let digits: Digits
        /// What stands before the digits, such as `sha256=`.
        package let prefix: String
    }

    package let request: Request
    package let answer: Answer
    package let receipt: Receipt?
    package let inbound: Inbound?
    package let proof: Proof
    /// The form in which it is stored and shown; it reads back equal.
    package let json: String
}

/// Where a value stands: a field of a form, or members and positions of JSON joined by dots, such as `messages.0.status`.
package struct ValuePath: Sendable, Hashable {
    package let text: String
}

/// A text with places to fill in: `{{to}}` and the like, from a closed list.
package struct Filling: Sendable, Hashable {
    package enum Field: String, Sendable, Hashable, CaseIterable {
        case to, from, text
        /// Our token of this attempt.
        case ref
        /// Where receipts of this attempt are to be sent.
        case callback = "callback_url"
        case username
        case password
    }

    enum Part: Sendable, Hashable {
        case words(String)
        case field(Field)
    }

    let parts: [Part]

    package var fields: Set<Field> {
        Set(parts.compactMap { if case .field(let field) = $0 { field } else { nil } })
    }

    func filled(_ value: (Field) -> String, escaping escape: (String) -> String = { $0 }) -> String {
        parts.map { part in
            switch part {
            case .words(let words): words
            case .field(let field): escape(value(field))
            }
        }.joined()
    }

    /// `nil` when a bracket is not closed or a name is not known.
    init?(_ source: String) {
        var parts: [Part] = []
        var rest = source[...]
        while let open = rest.range(of: "{{") {
            if open.lowerBound > rest.startIndex { parts.append(.words(String(rest[..<open.lowerBound]))) }
            let tail = rest[open.upperBound...]
            guard let close = tail.range(of: "}}"),
                let field = Field(rawValue: String(tail[..<close.lowerBound]).filter { $0 != " " })
            else { return nil }
            parts.append(.field(field))
            rest = tail[close.upperBound...]
        }
        guard !rest.contains("}}") else { return nil }
        if !rest.isEmpty { parts.append(.words(String(rest))) }
        self.parts = parts
    }
}
