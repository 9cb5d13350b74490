import Dunning

/// A document in an answer. Its names stay as they are: currencies are written in capitals.
struct DocumentResponse: Encodable, Sendable {
    private let value: DocumentValue

    init(_ value: DocumentValue) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .int(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let elements): try container.encode(elements.map(DocumentResponse.init))
        case .map(let members):
            try container.encode(
                Dictionary(members.map { ($0.name, DocumentResponse($0.value)) }) { first, _ in first })
        }
    }
}
