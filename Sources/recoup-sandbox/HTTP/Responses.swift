import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        .bytes(try JSONText.encode(value), type: "application/json", status: status)
    }

    static func bytes(_ data: Data, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: type, .xContentTypeOptions: "nosniff", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    static var nothing: Response { Response(status: .noContent) }

    /// A page of ours. It needs its own styles and frames of this server, so nothing else is allowed.
    static func page(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        var response = bytes(Data(html.markup.utf8), type: "text/html; charset=utf-8", status: status)
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'"
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }

    /// HTML out of a mail. It may not run, load or send anything, whoever opens it and however.
    static func stranger(_ html: String) -> Response {
        // The doctype keeps broken mails out of quirks mode; links open in a tab of their own, outside the frame.
        let markup = "<!DOCTYPE html><base target=\"_blank\">" + html
        var response = bytes(Data(markup.utf8), type: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
            + "sandbox allow-popups allow-popups-to-escape-sandbox"
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }
}

extension HTTPField.Name {
    static var referrerPolicy: HTTPField.Name { known("Referrer-Policy") }

    /// Names are constants of this program, so one that is no token is our own mistake.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return field
    }
}

/// JSON as this API writes it: sorted keys, times in RFC 3339.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(MailDate.stamp(date))
        }
        return try encoder.encode(value)
    }
}
