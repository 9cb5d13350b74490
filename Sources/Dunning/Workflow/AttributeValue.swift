/// One value of a customer's own attributes, as the tenant gave it.
package enum AttributeValue: Hashable, Sendable {
    case text(String)
    case number(Int64)
    case flag(Bool)

    /// A name of a-z, 0-9 and `_`, at most 64 of them.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
    }

    /// `nil` for what is no single value.
    package init?(_ value: DocumentValue) {
        switch value {
        case .text(let text): self = .text(text)
        case .int(let number): self = .number(number)
        case .bool(let flag): self = .flag(flag)
        case .null, .list, .map: return nil
        }
    }

    package var document: DocumentValue {
        switch self {
        case .text(let text): .text(text)
        case .number(let number): .int(number)
        case .flag(let flag): .bool(flag)
        }
    }

    package var words: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        }
    }
}
