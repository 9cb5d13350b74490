/// One complete reply of an SMTP server, all its lines joined by blanks (RFC 5321 section 4.2.1).
package struct Reply: Hashable, Sendable {
    package let code: Int
    package let text: String

    package init(code: Int, text: String) {
        self.code = code
        self.text = text
    }

    /// The enhanced status the text starts with, such as `5.1.1` (RFC 3463).
    package var enhancedStatus: String? {
        let word = text.prefix { $0 == "." || ("0"..."9").contains($0) }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, ["2", "4", "5"].contains(parts[0]),
            parts.dropFirst().allSatisfy({ (1...3).contains($0.count) })
        else { return nil }
        return String(word)
    }
}
