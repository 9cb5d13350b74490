import Foundation

/// A mistake in a recipe, with the place it was made at.
package struct RecipeProblem: Sendable, Hashable {
    /// A JSON pointer into the recipe (RFC 6901).
    package let pointer: String
    package let code: String
    package let detail: String
}

/// Everything wrong with a recipe.
package struct RecipeError: Error, Sendable, Hashable {
    package let problems: [RecipeProblem]
}

extension SMSRecipe {
    /// Reads a recipe; unknown members are mistakes too, for what is misspelt would silently do nothing.
    ///
    /// - Throws: ``RecipeError`` with every problem.
    package init(json: String) throws(RecipeError) {
        var reader = RecipeReader()
        guard let recipe = reader.recipe(json) else { throw RecipeError(problems: reader.problems) }
        self = recipe
    }
}

/// Takes a recipe apart and collects all that is wrong with it.
struct RecipeReader {
    private(set) var problems: [RecipeProblem] = []
    private static let longest = 32_768

    private typealias Object = [String: Any]

    mutating func recipe(_ json: String) -> SMSRecipe? {
        guard json.utf8.count <= Self.longest else {
            refuse("", "too_long", "has more than 32 KB")
            return nil
        }
        guard let data = try? JSONSerialization.jsonObject(with: Data(json.utf8)), let all = data as? Object else {
            refuse("", "wrong_type", "must be a JSON object")
            return nil
        }
        known(all, ["request", "answer", "receipt", "inbound", "hooks"], "")
        let request = section(all, "request", required: true).flatMap { self.request($0) }
        let answer = section(all, "answer", required: true).flatMap { self.answer($0) }
        let receipt = section(all, "receipt").flatMap { self.receipt($0) }
        let inbound = section(all, "inbound").flatMap { self.inbound($0) }
        let proof = section(all, "hooks").flatMap { self.proof($0) } ?? .path
        if case .twilio = proof, receipt?.encoding == .json || inbound?.encoding == .json {
            refuse("/hooks/check", "needs_form", "signs forms only")
        }
        guard problems.isEmpty, let request, let answer,
            let stored = try? JSONSerialization.data(
                withJSONObject: all, options: [.sortedKeys, .withoutEscapingSlashes])
        else { return nil }
        return SMSRecipe(
            request: request, answer: answer, receipt: receipt, inbound: inbound, proof: proof,
            json: String(decoding: stored, as: UTF8.self))
    }

    private mutating func request(_ object: Object) -> SMSRecipe.Request? {
        let place = "/request"
        known(object, ["path", "auth", "headers", "encoding", "fields", "number_format"], place)
        let path = filling(object, "path", place, allowed: [.username])
        if let source = object["path"] as? String, !Self.isPath(source) {
            refuse("\(place)/path", "bad_path", "must begin with / and hold visible ASCII without ? # and quotes")
        }
        let authentication: SMSRecipe.Authentication = choice(object, "auth", place) ?? .none
        let headers = fillings(object, "headers", place, allowed: [.username, .password, .ref])
        for header in headers where !Self.isToken(header.name) {
            refuse("\(place)/headers/\(header.name)", "bad_header", "must be a header's name that is not set by itself")
        }
        let encoding: SMSRecipe.Encoding = choice(object, "encoding", place) ?? .json
        let fields = fillings(object, "fields", place, allowed: Set(Filling.Field.allCases))
        let used = fields.reduce(into: Set<Filling.Field>()) { $0.formUnion($1.value.fields) }
        for needed in [Filling.Field.to, .text] where !used.contains(needed) {
            refuse("\(place)/fields", "incomplete", "one of them must hold {{\(needed.rawValue)}}")
        }
        let format = word(object, "number_format", ["e164", "digits"], place) ?? "e164"
        guard let path else { return nil }
        return SMSRecipe.Request(
            path: path, authentication: authentication, headers: headers, encoding: encoding, fields: fields,
            numbersAreDigits: format == "digits")
    }

    private mutating func answer(_ object: Object) -> SMSRecipe.Answer? {
        let place = "/answer"
        known(object, ["accepted", "success", "id", "code", "text", "rules", "server_errors"], place)
        let accepted = (object["accepted"] as? [Any])?.map { $0 as? Int ?? 0 } ?? []
        if accepted.isEmpty || accepted.count > 20 || !accepted.allSatisfy({ (200...299).contains($0) }) {
            refuse("\(place)/accepted", "out_of_range", "must be 1 to 20 statuses from 200 to 299")
        }
        var success: SMSRecipe.Success?
        if let object = section(object, "success", place) {
            known(object, ["path", "equals"], "\(place)/success")
            let equals = strings(object["equals"], "\(place)/success/equals")
            if let path = path(object, "path", "\(place)/success", required: true) {
                success = SMSRecipe.Success(path: path, equals: equals)
            }
        }
        let rules = list(object, "rules", place, upTo: 200).enumerated().compactMap { index, rule in
            self.rule(rule, "\(place)/rules/\(index)")
        }
        let serverErrors = word(object, "server_errors", ["unknown", "transient"], place) ?? "unknown"
        return SMSRecipe.Answer(
            accepted: accepted, success: success, id: path(object, "id", place), code: path(object, "code", place),
            text: path(object, "text", place), rules: rules, serverErrorsAreUnknown: serverErrors == "unknown")
    }

    private mutating func rule(_ object: [String: Any], _ place: String) -> SMSRecipe.Rule? {
        known(object, ["status", "code", "means"], place)
        let status = object["status"] as? Int
        if object["status"] != nil, !(100...599).contains(status ?? 0) {
            refuse("\(place)/status", "out_of_range", "must be from 100 to 599")
        }
        let code = object["code"].flatMap(Self.scalar)
        if status == nil, code == nil { refuse(place, "incomplete", "must name a status or a code") }
        guard let meaning: SMSRecipe.Rule.Meaning = choice(object, "means", place, required: true) else { return nil }
        return SMSRecipe.Rule(status: status, code: code, meaning: meaning)
    }

    private mutating func receipt(_ object: Object) -> SMSRecipe.Receipt? {
        let place = "/receipt"
        known(object, ["encoding", "id", "ref", "state", "code", "states", "suppressing"], place)
        let encoding: SMSRecipe.Encoding = choice(object, "encoding", place) ?? .json
        var states: [String: TextReceipt.State] = [:]
        for (name, value) in (object["states"] as? Object ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let state = (value as? String).flatMap(TextReceipt.State.init) else {
                let words = TextReceipt.State.allCases.map(\.rawValue).joined(separator: ", ")
                refuse("\(place)/states/\(name)", "not_in_list", "must be one of: \(words)")
                continue
            }
            states[name] = state
        }
        if states.isEmpty { refuse("\(place)/states", "required", "must say what the gateway's words mean") }
        let suppressing = object["suppressing"].map { strings($0, "\(place)/suppressing") } ?? []
        guard let state = path(object, "state", place, required: true) else { return nil }
        return SMSRecipe.Receipt(
            encoding: encoding, id: path(object, "id", place), ref: path(object, "ref", place), state: state,
            code: path(object, "code", place), states: states, suppressing: suppressing)
    }

    private mutating func inbound(_ object: Object) -> SMSRecipe.Inbound? {
        let place = "/inbound"
        known(object, ["encoding", "id", "from", "text"], place)
        let encoding: SMSRecipe.Encoding = choice(object, "encoding", place) ?? .json
        guard let from = path(object, "from", place, required: true),
            let text = path(object, "text", place, required: true)
        else { return nil }
        return SMSRecipe.Inbound(encoding: encoding, id: path(object, "id", place), from: from, text: text)
    }

    private mutating func proof(_ object: Object) -> SMSRecipe.Proof? {
        let place = "/hooks"
        known(object, ["check", "header", "hash", "digits", "prefix"], place)
        switch word(object, "check", ["path", "twilio", "hmac"], place, required: true) {
        case "twilio": return .twilio
        case "hmac":
            let header = object["header"] as? String ?? ""
            if !Self.isToken(header) { refuse("\(place)/header", "bad_header", "must be a header's name") }
            let prefix = object["prefix"] as? String ?? ""
            return .hmac(
                SMSRecipe.HMACForm(
                    header: header.lowercased(), hash: choice(object, "hash", place) ?? .sha256,
                    digits: choice(object, "digits", place) ?? .hex, prefix: prefix))
        case "path": return .path
        default: return nil
        }
    }
}

extension RecipeReader {
    private mutating func refuse(_ pointer: String, _ code: String, _ detail: String) {
        problems.append(RecipeProblem(pointer: pointer, code: code, detail: detail))
    }

    private mutating func known(_ object: [String: Any], _ names: Set<String>, _ place: String) {
        for name in object.keys.sorted() where !names.contains(name) {
            refuse(
                "\(place)/\(name)", "unknown_field",
                "is not known here; known are \(names.sorted().joined(separator: ", "))")
        }
    }

    private mutating func section(
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

    private mutating func list(
        _ object: [String: Any], _ name: String, _ place: String, upTo most: Int
    ) -> [[String: Any]] {
        guard let value = object[name] else { return [] }
        guard let list = value as? [[String: Any]], list.count <= most else {
            refuse("\(place)/\(name)", "wrong_type", "must be a list of at most \(most) objects")
            return []
        }
        return list
    }

    private mutating func strings(_ value: Any?, _ pointer: String) -> [String] {
        let list = (value as? [Any])?.compactMap(Self.scalar) ?? []
        if list.isEmpty || list.count > 100 { refuse(pointer, "wrong_type", "must be a list of 1 to 100 texts") }
        return list
    }

    private mutating func word(
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

    private mutating func choice<Word: RawRepresentable & CaseIterable>(
        _ object: [String: Any], _ name: String, _ place: String, required: Bool = false
    ) -> Word? where Word.RawValue == String {
        word(object, name, Word.allCases.map(\.rawValue), place, required: required).flatMap(Word.init)
    }

    private mutating func path(
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

    private mutating func filling(
        _ object: [String: Any], _ name: String, _ place: String, allowed: Set<Filling.Field>
    ) -> Filling? {
        guard let source = object[name] as? String, (1...2_000).contains(source.utf8.count) else {
            refuse("\(place)/\(name)", "required", "must be a text of at most 2000 bytes")
            return nil
        }
        return filling(source, "\(place)/\(name)", allowed: allowed)
    }

    private mutating func filling(_ source: String, _ pointer: String, allowed: Set<Filling.Field>) -> Filling? {
        guard let filling = Filling(source), filling.fields.isSubset(of: allowed) else {
            let names = allowed.map { "{{\($0.rawValue)}}" }.sorted().joined(separator: ", ")
            refuse(pointer, "unknown_name", "may hold \(names) and nothing else in double brackets")
            return nil
        }
        return filling
    }

    private mutating func fillings(
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

    private static func isPath(_ source: String) -> Bool {
        source.utf8.first == UInt8(ascii: "/")
            && source.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"?#\"<>\\".utf8.contains($0) }
    }

    private static func isToken(_ name: String) -> Bool {
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
