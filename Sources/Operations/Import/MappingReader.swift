import Dunning
import Files
import Foundation

/// Takes the JSON form of a mapping apart and collects every problem on the way, so that a person fixes them in one go.
struct MappingReader {
    private(set) var problems: [FieldProblem] = []
    private var object: [String: Any] = [:]

    mutating func read(_ json: String) throws(Rejection) -> ImportMapping {
        object = self.object(json) ?? [:]
        guard problems.isEmpty else { throw .invalid(problems) }
        for key in object.keys.sorted() where !MappingKeys.all.contains(key) {
            problem("/\(key.pointerToken)", "unknown_key", "the mapping has no such key")
        }
        let format = choice("format", ImportMapping.Format.allCases, \.rawValue) ?? .csv
        let brand = text("brand")
        let dates = dates()
        let numbers = numbers()
        let delimiter = delimiter(isCSV: format == .csv)
        let encoding = choice("encoding", TextEncoding.allCases, \.rawValue) ?? .auto
        let negative = choice("negative", ImportMapping.Negative.allCases, \.rawValue) ?? .error
        let version = choice("version", VersionForm.allCases, \.rawValue) ?? .integer
        let isSnapshot = flag("snapshot")
        let source = text("source") ?? ImportMapping.standardSource
        if source.unicodeScalars.count > 100 {
            problem("/source", "too_long", "a source's name has at most 100 characters")
        }
        let code = text("default_currency")
        let currency = code.flatMap { Currency($0) }
        if code != nil, currency == nil {
            problem("/default_currency", "unknown_currency", "not a currency code of ISO 4217")
        }
        let sources = sources()
        guard problems.isEmpty else { throw .invalid(problems.sorted { $0.pointer < $1.pointer }) }
        return try ImportMapping(
            sources: sources, format: format, delimiter: delimiter, encoding: encoding, brand: brand, source: source,
            dates: dates, numbers: numbers, negative: negative, version: version, isSnapshot: isSnapshot,
            defaultCurrency: currency)
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

    private mutating func dates() -> DateForms {
        let names: [(text: String, pointer: String)]
        switch (object["date_format"], object["date_formats"]) {
        case (nil, nil): return .iso
        case (let one?, nil): names = text(one, "/date_format").map { [($0, "/date_format")] } ?? []
        case (nil, let several?):
            guard let list = several as? [Any], (1...DateForms.limit).contains(list.count) else {
                problem("/date_formats", "wrong_type", "expected 1 to \(DateForms.limit) forms of dates")
                return .iso
            }
            var texts: [(text: String, pointer: String)] = []
            for (index, value) in list.enumerated() {
                let pointer = "/date_formats/\(index)"
                if let text = text(value, pointer) { texts.append((text, pointer)) }
            }
            names = texts
        default:
            problem("/date_format", "doubled", "give date_format or date_formats, not both")
            return .iso
        }
        var patterns: [DatePattern] = []
        for (name, pointer) in names {
            guard let pattern = DatePattern(name) else {
                problem(
                    pointer, "unknown_format",
                    "write the form with yyyy, M or MM, and d or dd, such as M/d/yyyy; or timestamp")
                continue
            }
            patterns.append(pattern)
        }
        if let (first, second) = DateForms.contradiction(in: patterns) {
            problem(
                "/date_formats", "ambiguous_dates",
                "\(first.text) and \(second.text) differ in the order of day and month: 3/4 would be two days")
        }
        return DateForms(patterns) ?? .iso
    }

    private mutating func numbers() -> NumberForm {
        let decimal = choice("decimal", [".", ","] as [Character], { String($0) }) ?? "."
        let grouping = choice("grouping", NumberForm.Grouping.allCases, \.rawValue)
        if let grouping, grouping.rawValue == String(decimal) {
            problem("/grouping", "same_as_decimal", "the separator of groups is another than the one of decimals")
        }
        return NumberForm(decimal: decimal, grouping: grouping, isMinor: flag("minor_units"))
    }

    private mutating func delimiter(isCSV: Bool) -> UInt8? {
        guard let value = object["delimiter"] else { return UInt8(ascii: ",") }
        guard isCSV else {
            problem("/delimiter", "csv_only", "NDJSON has no delimiter")
            return nil
        }
        guard let text = text(value, "/delimiter"), text != "auto" else { return nil }
        let byte = text.utf8.count == 1 ? text.utf8.first ?? 0 : 0
        let isSign = byte == UInt8(ascii: "\t") || (0x20..<0x7F).contains(byte) && !text.contains(/[A-Za-z0-9"]/)
        if !isSign {
            problem("/delimiter", "unknown_value", "a delimiter is auto or one sign, such as ; or the tabulator")
        }
        return byte
    }

    private mutating func sources() -> [ImportTarget: ImportMapping.Source] {
        guard let value = object["fields"] else {
            problem("/fields", "required", "fields says which column fills what")
            return [:]
        }
        guard let object = value as? [String: Any] else {
            problem("/fields", "wrong_type", "fields is a JSON object")
            return [:]
        }
        var sources: [ImportTarget: ImportMapping.Source] = [:]
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            let pointer = "/fields/\(key.pointerToken)"
            guard let target = ImportTarget(key) else {
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

    private mutating func text(_ key: String) -> String? { object[key].flatMap { text($0, "/\(key)") } }

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

    private mutating func choice<Value>(
        _ key: String, _ choices: [Value], _ name: (Value) -> String
    ) -> Value? {
        guard let text = text(key) else { return nil }
        guard let value = choices.first(where: { name($0) == text }) else {
            problem("/\(key)", "unknown_value", "one of \(choices.map { "\"\(name($0))\"" }.joined(separator: ", "))")
            return nil
        }
        return value
    }

    private mutating func flag(_ key: String) -> Bool {
        guard let value = object[key] else { return false }
        // 1 and 0 pass for Bool where numbers are bridged; written out again, only true and false are what they were.
        let written = try? JSONSerialization.data(withJSONObject: [value])
        switch written.map({ String(decoding: $0, as: UTF8.self) }) {
        case "[true]": return true
        case "[false]": return false
        default:
            problem("/\(key)", "wrong_type", "expected true or false")
            return false
        }
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
