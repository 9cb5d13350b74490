import Foundation

/// Bytes to text, never failing: a mail that lies about its charset is shown as well as it can be.
enum Charset {
    static func text(_ bytes: some Sequence<UInt8>, label: String? = nil) -> String {
        let data = Data(bytes)
        switch label?.lowercased() {
        case "iso-8859-1", "latin1", "windows-1252", "cp1252":
            return western(data)
        case "iso-8859-15", "latin-9":
            return western(data).replacingOccurrences(of: "\u{A4}", with: "€")
        default:
            return String(data: data, encoding: .utf8) ?? western(data)
        }
    }

    /// Windows-1252 is what senders mean by ISO 8859-1. Its five holes become U+FFFD by way of Latin-1.
    private static func western(_ data: Data) -> String {
        String(data: data, encoding: .windowsCP1252) ?? String(data: data, encoding: .isoLatin1)
            ?? String(decoding: data, as: UTF8.self)
    }
}
