import Foundation

/// Domain names as DNS writes them.
enum DomainName {
    /// The name in ASCII, lower case, with international labels encoded (UTS 46, RFC 5891); nil if it is none.
    static func ascii(_ name: String) -> String? {
        guard name.utf8.count <= 512 else { return nil }
        let encoded = name.utf8.allSatisfy { $0 < 0x80 } ? name : encode(name)
        guard let lowered = encoded?.lowercased() else { return nil }
        let labels = lowered.split(separator: ".", omittingEmptySubsequences: false)
        return lowered.utf8.count <= 253 && labels.allSatisfy(isLabel) ? lowered : nil
    }

    /// Foundation encodes the host of a URL with ICU's tables; a copy of those is not ours to keep.
    private static func encode(_ name: String) -> String? {
        var url = URLComponents()
        url.scheme = "https"
        url.host = name
        return url.encodedHost
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), label.first != "-", label.last != "-" else { return false }
        return label.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x61...0x7A, 0x2D, 0x5F: true
            default: false
            }
        }
    }
}
