package import Dunning
import Files
import Foundation
package import Postgres

/// The keys of a mapping's JSON form.
enum MappingKeys {
    static let all: Set<String> = [
        "format", "delimiter", "encoding", "fields", "brand", "source", "date_format", "date_formats", "decimal",
        "grouping", "minor_units", "negative", "version", "snapshot", "default_currency",
    ]
}

extension ImportMapping {
    /// Reads the JSON form. Throws ``Rejection`` with a pointer to every field that is wrong; an unknown key is wrong.
    package init(json: String) throws(Rejection) {
        var reader = MappingReader()
        self = try reader.read(json)
    }

    /// The JSON form, as it is stored; reading it gives the same mapping.
    package var json: JSONText {
        let fields = sources.map { target, source in
            switch source {
            case .column(let name): (target.name, ["column": name])
            case .constant(let text): (target.name, ["constant": text])
            case .pattern(let pattern): (target.name, ["pattern": pattern.text])
            }
        }
        var object: [String: Any] = [
            "fields": Dictionary(uniqueKeysWithValues: fields), "format": format.rawValue,
            "encoding": encoding.rawValue, "source": source, "date_formats": dates.patterns.map(\.text),
            "decimal": String(numbers.decimal), "minor_units": numbers.isMinor, "negative": negative.rawValue,
            "version": version.rawValue, "snapshot": isSnapshot,
        ]
        if format == .csv {
            object["delimiter"] = delimiter.map { String(UnicodeScalar($0)) } ?? "auto"
        }
        object["grouping"] = numbers.grouping?.rawValue
        object["brand"] = brand
        object["default_currency"] = defaultCurrency?.code
        do {
            let data = try JSONSerialization.data(
                withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
            return JSONText(String(decoding: data, as: UTF8.self))
        } catch {
            preconditionFailure("texts, flags and dictionaries of texts are JSON: \(error)")
        }
    }
}
