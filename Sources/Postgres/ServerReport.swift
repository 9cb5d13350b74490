/// An error report of the server, made sense of: which code, which constraint, and what may be repeated of its message.
struct ServerReport {
    var sqlState: String
    var constraint: String?
    var message: String

    /// - Parameters:
    ///   - sqlState: as sent.
    ///   - constraint: the report's own field; a distributed server leaves it out.
    ///   - message: the primary message.
    init(sqlState: String, constraint: String?, message: String) {
        self.sqlState = sqlState == "XX000" ? Self.meantState(of: message) ?? sqlState : sqlState
        self.constraint = (constraint ?? Self.constraint(in: message)).map(Self.withoutShard)
        self.message = self.sqlState.hasPrefix("22") ? Self.withoutQuotations(message) : message
    }

    /// A violation inside a distributed statement arrives as an internal error; only its message still says what
    /// happened.
    private static func meantState(of message: String) -> String? {
        guard message.contains("violates ") else { return nil }
        let states = [
            ("unique constraint", "23505"), ("foreign key constraint", "23503"), ("check constraint", "23514"),
            ("not-null constraint", "23502"), ("exclusion constraint", "23P01"), ("row-level security policy", "42501"),
        ]
        return states.first { message.contains("violates \($0.0)") }?.1 ?? "23000"
    }

    /// The name in `… violates check constraint "invoice_total_positive"`.
    private static func constraint(in message: String) -> String? {
        let marker = "constraint \""
        guard message.contains("violates "), let start = message.firstRange(of: marker)?.upperBound else { return nil }
        let name = message[start...].prefix { $0 != "\"" }
        return name.isEmpty ? nil : String(name)
    }

    /// `invoice_total_positive_102179` names a constraint of one shard; callers know the constraint.
    private static func withoutShard(_ name: String) -> String {
        guard let last = name.lastIndex(of: "_"), last != name.startIndex else { return name }
        let digits = name[name.index(after: last)...]
        let isNumber = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
        return isNumber ? String(name[..<last]) : name
    }

    /// Data exceptions quote the input, and what is quoted may be anybody's name: `invalid input syntax for type uuid:
    /// "…"`.
    private static func withoutQuotations(_ message: String) -> String {
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\""), first != last else {
            return message
        }
        return message[...first] + "…" + message[last...]
    }
}
