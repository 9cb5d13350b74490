/// Turns a source into nodes, in one pass over its bytes and with a stack of its own: no input can make it recurse.
///
/// Wrong names are collected, up to a limit, so that an author sees them together; a source whose structure is broken
/// is given up at the first fault.
struct TemplateParser {
    private(set) var nodes = [CompiledTemplate.Node]()
    private(set) var problems = [TemplateProblem]()
    private(set) var unguarded = [CompiledTemplate.Unguarded]()

    private let part: TemplatePart
    private let source: [UInt8]
    private var index = 0
    /// What was read since the last node, with all line breaks as LF.
    private var literal = [UInt8]()
    private var open = [Section]()
    private var isBroken = false

    private struct Section {
        let name: String
        /// `nil` when the name is unknown; what is inside such a section is not looked at.
        let field: TemplateField?
        let plural: PluralCategory?
        let isInverted: Bool
        let node: Int
        let offset: Int
    }

    private typealias Limit = CompiledTemplate.Limit
    private static var lineFeed: UInt8 { UInt8(ascii: "\n") }
    private static var carriageReturn: UInt8 { UInt8(ascii: "\r") }

    init(_ source: String, part: TemplatePart) {
        self.source = Array(source.utf8)
        self.part = part
    }

    mutating func run() {
        guard source.count <= Limit.source else {
            return fail(.sourceTooLarge, at: 0, "A part of a template has at most \(Limit.source) bytes.")
        }
        while index < source.count, !isBroken {
            let byte = source[index]
            if byte == UInt8(ascii: "{"), follows("{{") {
                readTag()
            } else {
                readLiteral(byte)
            }
        }
        guard !isBroken else { return }
        flush()
        if let last = open.last {
            fail(.unclosedSection, at: last.offset, name: last.name, "The section \(last.name) is never closed.")
        }
    }

    private mutating func readLiteral(_ byte: UInt8) {
        let isBreak = byte == Self.lineFeed || byte == Self.carriageReturn
        if isBreak, part == .subject {
            return fail(.subjectLineBreak, at: index, "A subject is a single line.")
        }
        if byte < 0x20 && !isBreak && byte != UInt8(ascii: "\t") || byte == 0x7F {
            return fail(
                .controlCharacter, at: index, "Control characters other than tab and line break are not allowed.")
        }
        index += byte == Self.carriageReturn && follows("\r\n") ? 2 : 1
        literal.append(isBreak ? Self.lineFeed : byte)
    }

    /// Reads the tag that begins at `index`.
    private mutating func readTag() {
        let start = index
        guard !follows("{{{") else {
            return fail(.tripleBraces, at: start, "Unescaped fields ({{{…}}}) are not available.")
        }
        // A name is short, so the end is near or the tag is broken: the search does not make the pass quadratic.
        let reach = min(source.count, start + 2 + Limit.name + 16)
        var end = start + 2
        while end < reach, source[end] != UInt8(ascii: "}"), source[end] != UInt8(ascii: "{"), source[end] >= 0x20 {
            end += 1
        }
        guard end + 1 < source.count, source[end] == UInt8(ascii: "}"), source[end + 1] == UInt8(ascii: "}") else {
            return fail(
                .unclosedTag, at: start, "This tag has no closing }} after a name of at most \(Limit.name) bytes.")
        }
        index = end + 2
        let body = trim(source[start + 2..<end])
        guard let sign = body.first else { return fail(.emptyTag, at: start, "A tag needs a name.") }
        switch sign {
        case UInt8(ascii: "#"): openSection(trim(body.dropFirst()), isInverted: false, at: start)
        case UInt8(ascii: "^"): openSection(trim(body.dropFirst()), isInverted: true, at: start)
        case UInt8(ascii: "/"): closeSection(trim(body.dropFirst()), at: start)
        case UInt8(ascii: ">"): callPartial(trim(body.dropFirst()), at: start)
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): writeField(body, at: start)
        default: fail(.unsupportedTag, at: start, "Only fields, sections, {{> header}} and {{> footer}} are available.")
        }
    }

    private mutating func writeField(_ body: ArraySlice<UInt8>, at offset: Int) {
        guard let name = name(body, at: offset), let field = resolve(name, at: offset) else { return }
        if field.kind == .list {
            return note(.listAsField, at: offset, name: name, "\(name) is a list: write {{#\(name)}}…{{/\(name)}}.")
        }
        if field.kind == .optional, !open.contains(where: { $0.field == field && !$0.isInverted }) {
            unguarded.append(.init(field: field, offset: offset, line: line(at: offset)))
        }
        append(.field(field), at: offset)
    }

    private mutating func openSection(_ body: ArraySlice<UInt8>, isInverted: Bool, at offset: Int) {
        guard let name = name(body, at: offset) else { return }
        guard open.count < Limit.depth else {
            return fail(.tooDeep, at: offset, name: name, "Sections nest at most \(Limit.depth) deep.")
        }
        let form = PluralCategory.form(name, of: field)
        let plural = form?.category
        let field = form?.count ?? resolve(name, at: offset)
        if let field, plural == nil { check(field, name: name, at: offset) }
        swallowLine(from: offset)
        flush()
        open.append(
            .init(
                name: name, field: field, plural: plural, isInverted: isInverted, node: nodes.count, offset: offset))
        append(section(field ?? .total, plural, isInverted: isInverted, end: 0), at: offset)
    }

    /// Whether `field` may open a section here.
    private mutating func check(_ field: TemplateField, name: String, at offset: Int) {
        if field.kind == .text {
            note(
                .notASection, at: offset, name: name,
                "\(name) is always there: only lists and optional fields are sections.")
        } else if !field.isAllowed(in: part) {
            note(.listInSubject, at: offset, name: name, "A subject cannot write out the list \(name).")
        } else if field.kind == .list, scope == .invoice || field == .sections && scope == .section {
            // A list inside itself would multiply the work without writing anything new.
            note(
                .repeatedList, at: offset, name: name, "The list \(name) cannot be written inside a list it is part of."
            )
        }
    }

    private mutating func closeSection(_ body: ArraySlice<UInt8>, at offset: Int) {
        guard let name = name(body, at: offset) else { return }
        guard let section = open.last, section.name == name else {
            let expected = open.last.map { "{{/\($0.name)}} is expected here." } ?? "No section is open here."
            return fail(.mismatchedClose, at: offset, name: name, expected)
        }
        swallowLine(from: offset)
        flush()
        open.removeLast()
        nodes[section.node] = self.section(
            section.field ?? .total, section.plural, isInverted: section.isInverted, end: nodes.count)
    }

    private func section(
        _ field: TemplateField, _ plural: PluralCategory?, isInverted: Bool, end: Int
    ) -> CompiledTemplate.Node {
        guard let plural else { return .section(field, isInverted: isInverted, end: end) }
        return .plural(field, plural, isInverted: isInverted, end: end)
    }

    private mutating func callPartial(_ body: ArraySlice<UInt8>, at offset: Int) {
        guard let name = name(body, at: offset) else { return }
        guard part == .text || part == .html else {
            return note(
                .partialNotAllowed, at: offset, name: name, "{{> \(name)}} can stand in the text and html parts only.")
        }
        guard let partial = TemplatePart(rawValue: name), partial == .header || partial == .footer else {
            return note(.unknownPartial, at: offset, name: name, "There is no {{> \(name)}}, only header and footer.")
        }
        let isStandalone = swallowLine(from: offset)
        append(.partial(partial, isStandalone: isStandalone), at: offset)
    }

    // MARK: Names

    /// The list whose elements the current place is written for.
    private var scope: TemplateField.Scope {
        for section in open.reversed() where !section.isInverted {
            switch section.field {
            case .invoices, .sectionInvoices: return .invoice
            case .sections: return .section
            default: continue
            }
        }
        return .message
    }

    private mutating func resolve(_ name: String, at offset: Int) -> TemplateField? {
        if open.contains(where: { $0.field == nil }) { return nil }
        if let field = field(name) { return field }
        note(
            .unknownField, at: offset, name: name,
            "There is no field \(name) here.\(PluralCategory.advice(on: name, of: field))")
        return nil
    }

    private func field(_ name: String) -> TemplateField? {
        let insideSection = open.contains { $0.field == .sections && !$0.isInverted }
        return TemplateField.named(name, in: scope, insideSection: insideSection)
    }

    private mutating func name(_ body: ArraySlice<UInt8>, at offset: Int) -> String? {
        let isName = body.allSatisfy { byte in
            byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || Digits.isDigit(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        guard !body.isEmpty, isName, body.count <= Limit.name else {
            fail(
                body.isEmpty ? .emptyTag : .badName, at: offset,
                "A name has letters, digits, dots and underscores only.")
            return nil
        }
        return String(decoding: body, as: UTF8.self)
    }

    // MARK: Bytes

    /// A section tag or partial alone on its line takes the line with it, so that templates can be laid out without
    /// blank lines.
    @discardableResult private mutating func swallowLine(from offset: Int) -> Bool {
        var start = offset
        while start > 0, isBlank(source[start - 1]) { start -= 1 }
        var end = index
        while end < source.count, isBlank(source[end]) { end += 1 }
        let opensLine = start == 0 || source[start - 1] == Self.lineFeed || source[start - 1] == Self.carriageReturn
        let closesLine = end == source.count || source[end] == Self.lineFeed || source[end] == Self.carriageReturn
        guard part != .subject, opensLine, closesLine else { return false }
        literal.removeLast(offset - start)
        if end < source.count { end += source[end] == Self.carriageReturn && follows("\r\n", at: end) ? 2 : 1 }
        index = end
        return true
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }

    private func follows(_ text: String, at start: Int? = nil) -> Bool {
        source[(start ?? index)...].starts(with: text.utf8)
    }

    private mutating func append(_ node: CompiledTemplate.Node, at offset: Int) {
        flush()
        nodes.append(node)
        if nodes.count > Limit.nodes { fail(.tooManyNodes, at: offset, "A part has at most \(Limit.nodes) pieces.") }
    }

    private mutating func flush() {
        guard !literal.isEmpty else { return }
        nodes.append(.literal(literal))
        literal.removeAll(keepingCapacity: true)
    }

    // MARK: Problems

    /// Gives up.
    private mutating func fail(_ code: TemplateProblem.Code, at offset: Int, name: String? = nil, _ message: String) {
        note(code, at: offset, name: name, message)
        isBroken = true
    }

    /// Goes on.
    private mutating func note(_ code: TemplateProblem.Code, at offset: Int, name: String? = nil, _ message: String) {
        problems.append(
            .init(part: part, code: code, offset: offset, line: line(at: offset), name: name, message: message))
        if problems.count >= Limit.problems { isBroken = true }
    }

    private func line(at offset: Int) -> Int {
        1 + source[..<offset].count { $0 == Self.lineFeed }
    }
}
