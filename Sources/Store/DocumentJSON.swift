package import Dunning
import Foundation
package import Postgres

/// Documents are stored as `jsonb`.
extension JSONText {
    package init(_ document: DocumentValue) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A tree of maps, lists, texts and whole numbers always encodes.
        self.init((try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? "null")
    }

    package init(_ attributes: [String: AttributeValue]) {
        self.init(
            DocumentValue.map(
                attributes.sorted { $0.key < $1.key }.map { DocumentValue.Member($0.key, $0.value.document) }))
    }

    package func document() throws(PostgresError) -> DocumentValue {
        do {
            return try JSONDecoder().decode(DocumentValue.self, from: Data(text.utf8))
        } catch {
            throw .undecodable("document")
        }
    }

    func condition() throws(PostgresError) -> Condition {
        let tree = try document()
        do throws(Rejection) {
            return try Condition(tree)
        } catch {
            throw .undecodable("condition")
        }
    }

    func attributes() throws(PostgresError) -> [String: AttributeValue] {
        // Most customers have none.
        guard text != "{}" else { return [:] }
        guard case .map(let members) = try document() else { throw .undecodable("attributes") }
        var found: [String: AttributeValue] = [:]
        for member in members { found[member.name] = AttributeValue(member.value) }
        return found
    }
}

extension RiskBand: PostgresValue {}
extension CollectionMethod: PostgresValue {}
