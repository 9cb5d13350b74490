import Curl
import Foundation

extension SMSRecipe {
    /// The request that hands `message` to `gateway`.
    ///
    /// Every value is escaped for the place it stands in, so nothing that comes from a person can become another field.
    func request(
        for message: OutgoingText, through gateway: TextGateway, privateAllowed: Bool, authorities: String?,
        limits: HTTPRequest.Limits
    ) throws(CurlError) -> HTTPRequest {
        let value: (Filling.Field) -> String = { field in
            switch field {
            case .to: request.numbersAreDigits ? String(message.to.drop { $0 == "+" }) : message.to
            case .from:
                request.numbersAreDigits ? String(gateway.sender.drop { $0 == "+" }) : gateway.sender
            case .text: message.text
            case .ref: message.ref
            case .callback: message.callbackURL
            case .username: gateway.username ?? ""
            case .password: gateway.password?.revealed ?? ""
            }
        }
        var headers = request.headers.map { HTTPRequest.Header($0.name, $0.value.filled(value)) }
        headers.append(
            .init("Content-Type", request.encoding == .form ? "application/x-www-form-urlencoded" : "application/json"))
        headers.append(.init("Accept", "application/json"))
        switch request.authentication {
        case .none: break
        case .bearer: headers.append(.init("Authorization", "Bearer \(gateway.password?.revealed ?? "")"))
        case .basic:
            let pair = "\(gateway.username ?? ""):\(gateway.password?.revealed ?? "")"
            headers.append(.init("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())"))
        }
        return try HTTPRequest(
            .post, isSecure: gateway.isSecure, host: gateway.host, port: gateway.port,
            target: request.path.filled(value, escaping: FormText.escaped), headers: headers,
            body: Array(body(value).utf8), privateAllowed: privateAllowed, certificateAuthorities: authorities,
            limits: limits)
    }

    private func body(_ value: (Filling.Field) -> String) -> String {
        switch request.encoding {
        case .form:
            request.fields.map { "\(FormText.escaped($0.name))=\($0.value.filled(value, escaping: FormText.escaped))" }
                .joined(separator: "&")
        case .json: "{" + request.fields.map { Self.member($0, value) }.joined(separator: ",") + "}"
        }
    }

    private static func member(_ field: Named, _ value: (Filling.Field) -> String) -> String {
        "\(quoted(field.name)):\(quoted(field.value.filled(value)))"
    }

    /// A JSON string (RFC 8259 section 7).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Names and values of forms (`application/x-www-form-urlencoded`).
package enum FormText {
    /// Everything but letters, digits and `-._~` as percent and two digits; a blank too, so that it fits into a path.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    /// The fields in their order; what is no escape stays as it is.
    package static func fields(of text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (plain(parts[0]), parts.count > 1 ? plain(parts[1]) : "")
        }
    }

    private static func plain(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
