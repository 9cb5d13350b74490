/// What this relay takes for an address: `local@domain` in ASCII, as RFC 5321 4.1.2 writes it, without source routes.
enum Address {
    private static let atomMarks = Set("!#$%&'*+-/=?^_`{|}~")

    static func isValid(_ address: String) -> Bool {
        guard address.utf8.count <= 254, address.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return false }
        guard let at = address.lastIndex(of: "@") else { return false }
        return isLocalPart(address[..<at]) && isDomain(address[address.index(after: at)...])
    }

    private static func isLocalPart(_ local: Substring) -> Bool {
        guard !local.isEmpty, local.utf8.count <= 64 else { return false }
        if local.count >= 2, local.first == "\"", local.last == "\"" {
            return isQuotedContent(local.dropFirst().dropLast())
        }
        return local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { $0.isLetter || $0.isNumber || atomMarks.contains($0) }
        }
    }

    private static func isQuotedContent(_ content: Substring) -> Bool {
        var isEscaped = false
        for character in content {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return false
            }
        }
        return !isEscaped
    }

    private static func isDomain(_ domain: Substring) -> Bool {
        if domain.first == "[", domain.last == "]" { return domain.count > 2 }
        return domain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
        }
    }
}
