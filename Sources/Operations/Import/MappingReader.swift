package import Dunning
import Foundation
import Postgres

extension ImportMapping {
    /// Reads the JSON form. Throws ``Rejection`` with a pointer to every field that is wrong; an unknown key is wrong.
    package init(json: String) throws(Rejection) {
        var reader = MappingReader()
        let mapping = reader.read(json)
        guard reader.problems.isEmpty, let mapping else { throw .invalid(reader.problems) }
        try self.init(
            sources: mapping.sources, brand: mapping.brand, dates: mapping.dates, decimal: mapping.decimal,
            delimiter: mapping.delimiter)
    }
}

extension ImportMapping {
    /// The JSON form, kept with the import.
    var json: JSONText {
        let fields = sources.map { target, source in
            switch source {
            case .column(let name): (target.rawValue, ["column": name])
            case .constant(let text): (target.rawValue, ["constant": text])
            case .pattern(let pattern): (target.rawValue, ["pattern": pattern.text])
            }
        }
        var object: [String: Any] = [
            "fields": Dictionary(uniqueKeysWithValues: fields), "date_format": dates.text, "decimal": String(decimal),
            "delimiter": String(delimiter),
        ]
        object["brand"] = brand
        do {
            let data = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
            return JSONText(String(decoding: data, as: UTF8.self))
        } catch {
            preconditionFailure("texts and dictionaries of texts are JSON: \(error)")
        }
    }
}

/// Takes the JSON apart and collects every problem on the way, so that a person fixes them in one go.
private struct MappingReader {
    struct Parts {
        var sources: [ImportMapping.Target: ImportMapping.Source] = [:]
        var brand: String?
        var dates = DatePattern.iso
        var decimal: Character = "."
        var delimiter: Character = ","
    }

    private(set) var problems: [FieldProblem] = []

    mutating func read(_ json: String) -> Parts? {
        guard let object = object(json) else { return nil }
        var parts = Parts()
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "fields": parts.sources = sources(value)
            case "brand": parts.brand = text(value, "/brand")
            case "date_format":
                guard let format = text(value, "/date_format") else { break }
                guard let pattern = DatePattern(format) else {
                    problem(
                        "/date_format", "unknown_format",
                        "write the form with yyyy, M or MM, and d or dd, such as M/d/yyyy")
                    break
                }
                parts.dates = pattern
            case "decimal": parts.decimal = choice(value, "/decimal", [".", ","]) ?? "."
            case "delimiter": parts.delimiter = choice(value, "/delimiter", [",", ";", "\t"]) ?? ","
            default: problem("/\(key.pointerToken)", "unknown_key", "the mapping has no such key")
            }
        }
        if object["fields"] == nil { problem("/fields", "required", "fields says which column fills what") }
        return parts
    }

    private mutating func object(_ json: String) -> [String: Any]? {
        guard json.utf8.count <= 65_536 else {
            problem("", "too_long", "the mapping has more than 64 KB")
            return nil
        }
        do {
            if let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] { return object }
            problem("", "wrong_type", "the mapping is a JSON object")
        } catch {
            problem("", "malformed_json", "the mapping is not JSON")
        }
        return nil
    }

    private mutating func sources(_ value: Any) -> [ImportMapping.Target: ImportMapping.Source] {
        guard let object = value as? [String: Any] else {
            problem("/fields", "wrong_type", "fields is a JSON object")
            return [:]
        }
        var sources: [ImportMapping.Target: ImportMapping.Source] = [:]
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            let pointer = "/fields/\(key.pointerToken)"
            guard let target = ImportMapping.Target(rawValue: key) else {
                problem(pointer, "unknown_key", "an import has no such field")
                continue
            }
            sources[target] = source(value, pointer)
        }
        return sources
    }

    private mutating func source(_ value: Any, _ pointer: String) -> ImportMapping.Source? {
        guard let object = value as? [String: Any], object.count == 1, let (key, content) = object.first else {
            problem(pointer, "wrong_type", "a field has one of {\"column\": …}, {\"constant\": …}, {\"pattern\": …}")
            return nil
        }
        switch key {
        case "column": return text(content, "\(pointer)/column").map { .column($0) }
        case "constant": return text(content, "\(pointer)/constant").map { .constant($0) }
        case "pattern":
            guard let text = text(content, "\(pointer)/pattern") else { return nil }
            guard let pattern = ImportMapping.Pattern(text) else {
                problem(
                    "\(pointer)/pattern", "malformed_pattern",
                    "a pattern names columns in braces, such as {id}@example.com")
                return nil
            }
            return .pattern(pattern)
        default:
            problem("\(pointer)/\(key.pointerToken)", "unknown_key", "a field has one of column, constant, pattern")
            return nil
        }
    }

    private mutating func text(_ value: Any, _ pointer: String) -> String? {
        guard let text = value as? String, !text.isEmpty, text.utf8.count <= 500 else {
            problem(pointer, "wrong_type", "expected a text of 1 to 500 bytes")
            return nil
        }
        guard text == "\t" || !text.unicodeScalars.contains(where: \.isControl) else {
            problem(pointer, "control_character", "control characters are not allowed")
            return nil
        }
        return text
    }

    private mutating func choice(_ value: Any, _ pointer: String, _ choices: [Character]) -> Character? {
        guard let text = text(value, pointer) else { return nil }
        guard text.count == 1, let character = text.first, choices.contains(character) else {
            problem(pointer, "unknown_value", "not one of the values allowed here")
            return nil
        }
        return character
    }

    private mutating func problem(_ pointer: String, _ code: String, _ detail: String) {
        problems.append(FieldProblem(pointer: pointer, code: code, detail: detail))
    }
}

extension String {
    /// As a token of an RFC 6901 pointer.
    fileprivate var pointerToken: String {
        String(flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) })
    }
}

extension Unicode.Scalar {
    /// Not to be shown as it is: controls, marks that turn the direction of writing, line and paragraph separators.
    var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
