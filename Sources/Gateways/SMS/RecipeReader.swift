import Foundation

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
    var problems: [RecipeProblem] = []
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
