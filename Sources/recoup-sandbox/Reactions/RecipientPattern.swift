/// Which recipients a reaction is for: `*`, `*@domain`, or one address. Case does not matter.
struct RecipientPattern: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: Hashable { case anyone, domain(String), address(String) }

    private let kind: Kind
    let description: String

    static let anyone = RecipientPattern(kind: .anyone, description: "*")

    private init(kind: Kind, description: String) {
        self.kind = kind
        self.description = description
    }

    /// `nil` when the text is none of the three forms.
    init?(_ text: String) {
        let lower = text.lowercased()
        if lower == "*" {
            self.init(kind: .anyone, description: text)
        } else if lower.hasPrefix("*@"), lower.count > 2, !lower.dropFirst().contains("*") {
            self.init(kind: .domain(String(lower.dropFirst())), description: text)
        } else if Address.isValid(lower), !lower.contains("*") {
            self.init(kind: .address(lower), description: text)
        } else {
            return nil
        }
    }

    var isAnyone: Bool { kind == .anyone }

    func matches(_ recipient: String) -> Bool {
        switch kind {
        case .anyone: true
        case .domain(let ending): recipient.lowercased().hasSuffix(ending)
        case .address(let address): recipient.lowercased() == address
        }
    }
}
