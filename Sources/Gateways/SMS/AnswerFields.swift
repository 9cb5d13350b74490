import Foundation

/// The named values of a form or of JSON, as a recipe asks for them.
struct AnswerFields {
    private enum Content {
        case form([(name: String, value: String)])
        case json(Any)
    }

    private let content: Content

    /// Nil when the bytes are not of this encoding.
    init?(_ bytes: [UInt8], _ encoding: SMSRecipe.Encoding) {
        switch encoding {
        case .form: content = .form(FormText.fields(of: String(decoding: bytes, as: UTF8.self)))
        case .json:
            guard let value = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed]) else {
                return nil
            }
            content = .json(value)
        }
    }

    /// The text or whole number at a path; nil when there is none, or something else.
    subscript(path: ValuePath?) -> String? {
        guard let path else { return nil }
        switch content {
        case .form(let fields): return fields.first { $0.name == path.text }?.value
        case .json(let whole):
            var value = whole
            for step in path.text.split(separator: ".") {
                if let object = value as? [String: Any], let member = object[String(step)] {
                    value = member
                } else if let list = value as? [Any], let index = Int(step), list.indices.contains(index) {
                    value = list[index]
                } else {
                    return nil
                }
            }
            return RecipeReader.scalar(value)
        }
    }

    /// The fields of a form, for signatures over them.
    var pairs: [(name: String, value: String)] {
        if case .form(let fields) = content { fields } else { [] }
    }
}
