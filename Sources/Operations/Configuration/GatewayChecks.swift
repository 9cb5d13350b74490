import Dunning
import Gateways
import Store

/// What a gateway must be, whoever asks: libcurl hands host, names and password to the wire as they are.
package struct GatewayChecks: Sendable {
    /// Whether the operator lists this host and port as a sandbox; a tenant cannot say so.
    let isSandbox: @Sendable (_ host: String, _ port: Int) -> Bool

    package init(isSandbox: @escaping @Sendable (_ host: String, _ port: Int) -> Bool) {
        self.isSandbox = isSandbox
    }

    /// Everything wrong with a gateway as it would be stored.
    func problems(of gateway: GatewayRecord, hasPassword: Bool) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        func refuse(_ pointer: String, _ code: String, _ detail: String) {
            problems.append(FieldProblem(pointer: pointer, code: code, detail: detail))
        }
        func check(_ text: String?, _ rule: TextRule, _ pointer: String) {
            if let text, let (code, detail) = rule.violation(in: text) { refuse(pointer, code, detail) }
        }
        check(gateway.name, .line(upTo: 200), "/name")
        check(gateway.username, .line(upTo: 320), "/username")
        if !Self.isHost(gateway.host) {
            refuse("/host", "bad_host", "must be a host name or an IP address, without port or brackets")
        }
        if !Self.isHost(gateway.ehloName) { refuse("/ehlo_name", "bad_host", "must be a host name") }
        if !(1...65_535).contains(gateway.port) { refuse("/port", "out_of_range", "must be from 1 to 65535") }
        if !(1...64).contains(gateway.sessions) { refuse("/sessions", "out_of_range", "must be from 1 to 64") }
        if gateway.tls == .none, !isSandbox(gateway.host, gateway.port) {
            refuse("/tls", "tls_required", "must be starttls or implicit; only the operator's sandbox goes without")
        }
        if let text = gateway.text { return problems + Self.problems(of: text, gateway, hasPassword: hasPassword) }
        if hasPassword != (gateway.username != nil) {
            refuse(
                hasPassword ? "/username" : "/password", "incomplete_credentials",
                "user name and password come together or not at all")
        }
        return problems
    }

    /// What a text gateway needs besides.
    private static func problems(
        of text: GatewayRecord.Text, _ gateway: GatewayRecord, hasPassword: Bool
    ) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        func refuse(_ pointer: String, _ code: String, _ detail: String) {
            problems.append(FieldProblem(pointer: pointer, code: code, detail: detail))
        }
        if gateway.tls == .starttls { refuse("/tls", "not_in_list", "must be implicit for a gateway of kind sms") }
        if !TextSender.isSender(text.sender) {
            refuse(
                "/sender", "bad_sender",
                "must be a number such as +14155550100, or 1 to 11 letters, digits and blanks with a letter, "
                    + "or the id of a messaging service")
        }
        if !(1...10).contains(text.maxParts) { refuse("/max_parts", "out_of_range", "must be from 1 to 10") }
        do throws(RecipeError) {
            let recipe = try SMSRecipe(json: text.recipe)
            let needsName = recipe.request.authentication == .basic || recipe.proof == .twilio
            if needsName, gateway.username == nil { refuse("/username", "required", "is needed for this recipe") }
            if recipe.request.authentication != .none || recipe.proof == .twilio, !hasPassword {
                refuse("/password", "required", "is needed for this recipe")
            }
        } catch {
            problems += error.problems.map {
                FieldProblem(pointer: "/recipe\($0.pointer)", code: $0.code, detail: $0.detail)
            }
        }
        return problems
    }

    /// A password goes with a command line of base64, so it may hold anything printable.
    static func check(password: String?, at pointer: String = "/password") -> [FieldProblem] {
        guard let password, let (code, detail) = TextRule.line(upTo: 1_000).violation(in: password) else { return [] }
        return [FieldProblem(pointer: pointer, code: code, detail: detail)]
    }

    /// Letters, digits, hyphens and dots, or the colons of an IPv6 address: nothing that could end a line or an
    /// argument.
    private static func isHost(_ host: String) -> Bool {
        let isAllowed: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        return (1...253).contains(host.utf8.count) && host.utf8.allSatisfy(isAllowed)
            && host.utf8.first != UInt8(ascii: "-")
    }
}
