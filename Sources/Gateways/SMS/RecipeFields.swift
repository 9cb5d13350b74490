import Foundation

/// How a member of a recipe is read: what it must be, and what is said when it is not.
extension RecipeReader {
    mutating func refuse(_ pointer: String, _ code: String, _ detail: String) {
        problems.append(RecipeProblem(pointer: pointer, code: code, detail: detail))
    }

    mutating func known(_ object: [String: Any], _ names: Set<String>, _ place: String) {
        for name in object.keys.sorted() where !names.contains(name) {
            refuse(
                "\(place)/\(name)", "unknown_field",
                "is not known here; known are \(names.sorted().joined(separator: ", "))")
        }
    }

    mutating func section(
        _ object: [String: Any], _ name: String, _ place: String = "", required: Bool = false
    ) -> [String: Any]? {
        guard let value = object[name], !(value is NSNull) else {
            if required { refuse("\(place)/\(name)", "required", "must be given") }
            return nil
        }
        guard let object = value as? [String: Any] else {
            refuse("\(place)/\(name)", "wrong_type", "must be an object")
            return nil
        }
        return object
    }

    mutating func list(
        _ object: [String: Any], _ name: String, _ place: String, upTo most: Int
    ) -> [[String: Any]] {
        guard let value = object[name] else { return [] }
        guard let list = value as? [[String: Any]], list.count <= most else {
            refuse("\(place)/\(name)", "wrong_type", "must be a list of at most \(most) objects")
            return []
        }
        return list
    }

    mutating func strings(_ value: Any?, _ pointer: String) -> [String] {
        let list = (value as? [Any])?.compactMap(Self.scalar) ?? []
        if list.isEmpty || list.count > 100 { refuse(pointer, "wrong_type", "must be a list of 1 to 100 texts") }
        return list
    }

    mutating func word(
        _ object: [String: Any], _ name: String, _ words: [String], _ place: String, required: Bool = false
    ) -> String? {
        guard let value = object[name] else {
            if required { refuse("\(place)/\(name)", "required", "must be one of: \(words.joined(separator: ", "))") }
            return nil
        }
        guard let word = value as? String, words.contains(word) else {
            refuse("\(place)/\(name)", "not_in_list", "must be one of: \(words.joined(separator: ", "))")
            return nil
        }
        return word
    }

    mutating func choice<Word: RawRepresentable & CaseIterable>(
        _ object: [String: Any], _ name: String, _ place: String, required: Bool = false
    ) -> Word? where Word.RawValue == String {
        word(object, name, Word.allCases.map(\.rawValue), place, required: required).flatMap(Word.init)
    }

    mutating func path(
        _ object: [String: Any], _ name: String, _ place: String, required: Bool = false
    ) -> ValuePath? {
        guard let value = object[name] else {
            if required { refuse("\(place)/\(name)", "required", "must be given") }
            return nil
        }
        guard let text = value as? String, (1...200).contains(text.utf8.count) else {
            refuse("\(place)/\(name)", "wrong_type", "must be a text of at most 200 bytes")
            return nil
        }
        return ValuePath(text: text)
    }

    mutating func filling(
        _ object: [String: Any], _ name: String, _ place: String, allowed: Set<Filling.Field>
    ) -> Filling? {
        guard let source = object[name] as? String, (1...2_000).contains(source.utf8.count) else {
            refuse("\(place)/\(name)", "required", "must be a text of at most 2000 bytes")
            return nil
        }
        return filling(source, "\(place)/\(name)", allowed: allowed)
    }

    mutating func filling(_ source: String, _ pointer: String, allowed: Set<Filling.Field>) -> Filling? {
        guard let filling = Filling(source), filling.fields.isSubset(of: allowed) else {
            let names = allowed.map { "{{\($0.rawValue)}}" }.sorted().joined(separator: ", ")
            refuse(pointer, "unknown_name", "may hold \(names) and nothing else in double brackets")
            return nil
        }
        return filling
    }

    mutating func fillings(
        _ object: [String: Any], _ name: String, _ place: String, allowed: Set<Filling.Field>
    ) -> [SMSRecipe.Named] {
        guard let value = object[name] else { return [] }
        guard let entries = value as? [String: String], entries.count <= 40 else {
            refuse("\(place)/\(name)", "wrong_type", "must be an object of at most 40 texts")
            return []
        }
        return entries.sorted { $0.key < $1.key }.compactMap { name_, source in
            filling(source, "\(place)/\(name)/\(name_)", allowed: allowed).map {
                SMSRecipe.Named(name: name_, value: $0)
            }
        }
    }

    /// A text, or a whole number as its digits.
    static func scalar(_ value: Any) -> String? {
        switch value {
        case let text as String: text
        case let number as Int: String(number)
        default: nil
        }
    }

    static func isPath(_ source: String) -> Bool {
        source.utf8.first == UInt8(ascii: "/")
            && source.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"?#\"<>\\".utf8.contains($0) }
    }

    static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 100
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
            && ![
                "host", "content-length", "transfer-encoding", "connection", "expect", "te", "upgrade", "content-type",
            ]
            .contains(name.lowercased())
    }
}
