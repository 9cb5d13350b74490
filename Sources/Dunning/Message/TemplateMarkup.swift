/// A look at the html of a template for what no reminder needs: active content, and fields where escaping does not
/// protect.
///
/// It reads tags and quotes, not documents: enough to keep mistakes out. Pages that show tenants' html still need a
/// sandbox.
struct TemplateMarkup {
    private let source: [UInt8]
    private var index = 0
    private var problems = [TemplateProblem]()

    private static let forbidden: Set<String> = [
        "script", "iframe", "frame", "object", "embed", "applet", "form", "input", "button", "base", "svg", "math",
    ]
    /// Attributes whose value is an address to go to or to load.
    private static let links: Set<String> = ["href", "src", "action", "formaction", "background", "poster", "data"]
    private static let schemes = ["javascript:", "vbscript:", "data:text"]

    /// The source must compile: tags are taken to be whole.
    static func problems(in source: String) -> [TemplateProblem] {
        var markup = TemplateMarkup(source: Array(source.utf8))
        markup.run()
        return markup.problems
    }

    private init(source: [UInt8]) {
        self.source = source
    }

    private mutating func run() {
        while index < source.count, problems.count < CompiledTemplate.Limit.problems {
            if starts(with: "<!--") {
                skip(past: "-->")
            } else if source[index] == UInt8(ascii: "<"), index + 1 < source.count, isTagStart(source[index + 1]) {
                readTag()
            } else {
                index += 1
            }
        }
    }

    private mutating func readTag() {
        let start = index
        index += 1
        let name = word()
        if Self.forbidden.contains(name) {
            note(.activeContent, at: start, name: name, "<\(name)> has no place in a message.")
        }
        var attribute = "", namesLanguage = false
        defer { if name == "html", !namesLanguage { noteLanguage(at: start) } }
        while index < source.count, source[index] != UInt8(ascii: ">") {
            let byte = source[index]
            if starts(with: "{{") {
                if isField(at: index) {
                    note(.fieldInMarkup, at: index, "A field inside a tag must stand in a quoted attribute value.")
                }
                skip(past: "}}")
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                readValue(quote: byte, of: attribute)
            } else if isLetter(byte) {
                attribute = word()
                if attribute == "lang" { namesLanguage = true }
                if attribute.hasPrefix("on"), source[index...].first(where: { !isBlank($0) }) == UInt8(ascii: "=") {
                    note(
                        .activeContent, at: index, name: attribute,
                        "Event attributes such as \(attribute) are not allowed.")
                }
                readUnquoted(attribute)
            } else {
                index += 1
            }
        }
    }

    /// An address without quotes is as dangerous as one with them.
    private mutating func readUnquoted(_ attribute: String) {
        guard Self.links.contains(attribute), index < source.count, source[index] == UInt8(ascii: "=") else { return }
        let rest = source[(index + 1)...].drop(while: isBlank)
        checkScheme(rest, at: index)
    }

    private mutating func readValue(quote: UInt8, of attribute: String) {
        index += 1
        if Self.links.contains(attribute) {
            let value = source[index...].drop(while: isBlank)
            checkScheme(value, at: index)
            if value.starts(with: "{{".utf8), isField(at: value.startIndex) {
                note(.fieldInMarkup, at: index, name: attribute, "An address must not begin with a field.")
            }
        }
        while index < source.count, source[index] != quote {
            if starts(with: "{{") { skip(past: "}}") } else { index += 1 }
        }
        index += 1
    }

    private mutating func checkScheme(_ value: ArraySlice<UInt8>, at offset: Int) {
        let start = String(decoding: value.prefix(16), as: UTF8.self).lowercased()
        for scheme in Self.schemes where start.hasPrefix(scheme) {
            note(.activeContent, at: offset, name: scheme, "Addresses with \(scheme) are not allowed.")
        }
    }

    // MARK: Bytes

    /// The letters, digits and hyphens from here on, in lower case.
    private mutating func word() -> String {
        let start = index
        while index < source.count, isLetter(source[index]) || Digits.isDigit(source[index]) || source[index] == 0x2D {
            index += 1
        }
        return String(decoding: source[start..<index], as: UTF8.self).lowercased()
    }

    private mutating func skip(past end: String) {
        while index < source.count, !starts(with: end) { index += 1 }
        index = min(source.count, index + end.utf8.count)
    }

    private func starts(with text: String) -> Bool {
        source[index...].starts(with: text.utf8)
    }

    private func isField(at offset: Int) -> Bool {
        guard let sign = source[(offset + 2)...].first(where: { !isBlank($0) }) else { return false }
        return isLetter(sign) || sign == UInt8(ascii: ">")
    }

    private func isTagStart(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// Without it screen readers and translators have to guess.
    private mutating func noteLanguage(at offset: Int) {
        note(
            .missingLanguage, .warning, at: offset, name: "html",
            "The html does not name its language: write <html lang=\"{{locale}}\">.")
    }

    private mutating func note(
        _ code: TemplateProblem.Code, _ severity: TemplateProblem.Severity = .error, at offset: Int,
        name: String? = nil,
        _ message: String
    ) {
        guard problems.count < CompiledTemplate.Limit.problems else { return }
        let line = 1 + source[..<offset].count { $0 == UInt8(ascii: "\n") }
        problems.append(
            .init(
                part: .html, severity: severity, code: code, offset: offset, line: line, name: name, message: message))
    }
}
