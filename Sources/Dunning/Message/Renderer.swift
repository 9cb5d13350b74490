/// Why a message cannot be written from a template that was saved.
package enum RenderError: Error, Hashable, Sendable, CaseIterable {
    /// A part would have more than 256 KB.
    case outputTooLarge
    /// A part would be put together from more than 200,000 pieces.
    case tooMuchWork
    /// Nothing but blanks is left of the subject.
    case subjectEmpty
    /// Nothing but blanks is left of the text message.
    case textEmpty

    /// A bounded name for metrics.
    package var label: String {
        switch self {
        case .outputTooLarge: "render_output_too_large"
        case .tooMuchWork: "render_too_much_work"
        case .subjectEmpty: "render_subject_empty"
        case .textEmpty: "render_text_empty"
        }
    }
}

/// One message as written: UTF-8, lines end in LF, the subject is one line without controls.
package struct RenderedMessage: Hashable, Sendable, Codable {
    package let locale: LanguageTag
    package let subject: String
    package let text: String
    package let html: String

    package init(locale: LanguageTag = .english, subject: String, text: String, html: String) {
        self.locale = locale
        self.subject = subject
        self.text = text
        self.html = html
    }
}

/// Writes messages: the same template, texts and model always give the same bytes.
package enum Renderer {
    /// Characters of a subject; a longer one is cut, since a long name must not stop a reminder.
    package static let subjectLimit = 200

    package static func render(
        _ template: MessageTemplate, brand: BrandTexts, given model: RenderModel
    ) throws(RenderError) -> RenderedMessage {
        try render(subject: template.subject, text: template.text, html: template.html, brand: brand, given: model)
    }

    package static func render(
        subject: CompiledTemplate, text: CompiledTemplate, html: CompiledTemplate, brand: BrandTexts,
        given model: RenderModel
    ) throws(RenderError) -> RenderedMessage {
        let plain = Pass(model: model, header: [], footer: [])
        let pass = Pass(
            model: model,
            header: trimmed(try plain.bytes(of: brand.header, .none)),
            footer: trimmed(try plain.bytes(of: brand.footer, .none)))
        let line = oneLine(String(decoding: try plain.bytes(of: subject, .none), as: UTF8.self))
        guard !line.isEmpty else { throw .subjectEmpty }
        return RenderedMessage(
            locale: model.locale, subject: line,
            text: String(decoding: try pass.bytes(of: text, .none), as: UTF8.self),
            html: String(decoding: try pass.bytes(of: html, .html), as: UTF8.self))
    }

    /// Writes a text message: neither subject nor html, and no blanks at its ends.
    package static func text(
        _ template: CompiledTemplate, given model: RenderModel
    ) throws(RenderError) -> RenderedMessage {
        let bytes = try Pass(model: model, header: [], footer: []).bytes(of: template, .none)
        // No telephone has no-break spaces in its alphabet: one of them would make the message three times as dear.
        let words = String(decoding: bytes, as: UTF8.self).replacing("\u{A0}", with: " ").replacing(
            "\u{202F}", with: " ")
        let text = words.trimmingPrefix(while: \.isWhitespace)
        guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { throw .textEmpty }
        return RenderedMessage(locale: model.locale, subject: "", text: String(text[...end]), html: "")
    }

    /// Blanks of any kind become one blank, controls too, but no-break spaces stay: they hold amounts together. The ends
    /// are trimmed and the length is cut.
    private static func oneLine(_ text: String) -> String {
        let words = text.split { character in
            character.isWhitespace && !isNoBreakSpace(character)
                || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        let line = words.joined(separator: " ").trimmingPrefix(while: \.isWhitespace)
        guard let end = line.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return cut(line[...end])
    }

    private static func isNoBreakSpace(_ character: Character) -> Bool {
        character == "\u{A0}" || character == "\u{202F}"
    }

    private static func cut(_ line: Substring) -> String {
        line.count > subjectLimit ? line.prefix(subjectLimit - 1) + "…" : String(line)
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: " ") }
        guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return [] }
        return Array(bytes[...last])
    }
}

/// One rendering of one model.
private struct Pass {
    let model: RenderModel
    /// The brand's texts, written but not escaped.
    let header: [UInt8]
    let footer: [UInt8]

    func bytes(of template: CompiledTemplate, _ escaping: RenderOutput.Escaping) throws(RenderError) -> [UInt8] {
        var output = RenderOutput(escaping)
        try write(template.nodes, from: 0, to: template.nodes.count, section: nil, line: nil, into: &output)
        return output.bytes
    }

    /// Recursion is as deep as sections are nested, which the parser limits.
    private func write(
        _ nodes: [CompiledTemplate.Node], from start: Int, to end: Int, section: RenderModel.Section?,
        line: RenderModel.Line?,
        into output: inout RenderOutput
    ) throws(RenderError) {
        var index = start
        while index < end {
            try output.count()
            switch nodes[index] {
            case .literal(let bytes):
                try output.append(literal: bytes)
            case .field(let field):
                if let value = model.value(of: field, section: section, line: line) {
                    try output.append(value: value.utf8, hasLines: field.hasLines)
                }
            case .partial(let part, let isStandalone):
                let bytes = part == .header ? header : footer
                try output.append(value: bytes, hasLines: true)
                if isStandalone, !bytes.isEmpty { try output.append(literal: [UInt8(ascii: "\n")]) }
            case .section(let field, let isInverted, let sectionEnd):
                try self.section(
                    field, isInverted: isInverted, nodes, from: index + 1, to: sectionEnd, section: section, line: line,
                    into: &output)
                index = sectionEnd - 1
            case .plural(let field, let category, let isInverted, let sectionEnd):
                let isMeant = model.count(of: field, section: section, line: line)?.category == category
                if isMeant != isInverted {
                    try write(nodes, from: index + 1, to: sectionEnd, section: section, line: line, into: &output)
                }
                index = sectionEnd - 1
            }
            index += 1
        }
    }

    private func section(
        _ field: TemplateField, isInverted: Bool, _ nodes: [CompiledTemplate.Node], from start: Int, to end: Int,
        section: RenderModel.Section?, line: RenderModel.Line?, into output: inout RenderOutput
    ) throws(RenderError) {
        let isPresent =
            switch field {
            case .sections: !model.sections.isEmpty
            case .invoices: model.sections.contains { !$0.lines.isEmpty }
            case .sectionInvoices: section?.lines.isEmpty == false
            default: model.value(of: field, section: section, line: line) != nil
            }
        guard isPresent != isInverted else { return }
        switch field {
        case _ where isInverted:
            try write(nodes, from: start, to: end, section: section, line: line, into: &output)
        case .sections:
            for section in model.sections {
                try write(nodes, from: start, to: end, section: section, line: nil, into: &output)
            }
        case .invoices:
            for section in model.sections {
                for line in section.lines {
                    try write(nodes, from: start, to: end, section: section, line: line, into: &output)
                }
            }
        case .sectionInvoices:
            for line in section?.lines ?? [] {
                try write(nodes, from: start, to: end, section: section, line: line, into: &output)
            }
        default:
            try write(nodes, from: start, to: end, section: section, line: line, into: &output)
        }
    }
}
