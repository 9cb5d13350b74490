/// The rules for statements that hold from the first migration on, so that one code base serves one PostgreSQL, many, and a
/// distributed one (`sql/queries`, and the bodies of `sql/functions`).
struct SQLLint {
    /// Tables of tenants, by name.
    let tenantTables: Set<String>
    /// What stands for the tenant: `$1` in a query, `p_tenant` in a function.
    let tenant: String

    /// What breaks the rule "tenant_id = $1 on every table of every statement".
    func strangers(in text: String) -> [String] {
        SQLScope.all(in: SQLText.parse(text)).flatMap { scope in
            scope.references(to: tenantTables).compactMap { reference in
                if reference.isTarget {
                    return insertsForTenant(scope, into: reference.table) ? nil : "insert into \(reference.table)"
                }
                let names =
                    reference.alias.map { ["\($0).tenant_id"] } ?? ["tenant_id", "\(reference.table).tenant_id"]
                let isBound = names.contains { scope.contains([$0, "=", tenant]) }
                return isBound ? nil : reference.alias.map { "\(reference.table) \($0)" } ?? reference.table
            }
        }
    }

    /// The first column is the tenant's and gets the tenant.
    private func insertsForTenant(_ scope: SQLScope, into table: String) -> Bool {
        guard scope.contains(["into", table, "(", "tenant_id"]) else { return false }
        return scope.contains(["values", "(", tenant]) || scope.contains([")", "select", tenant])
            || scope.contains([")", "select", "distinct", tenant]) || selectsFirsts(scope)
    }

    /// `select distinct on (…)`, and then the tenant.
    private func selectsFirsts(_ scope: SQLScope) -> Bool {
        let opening = [")", "select", "distinct", "on", "("]
        guard let start = scope.words.indices.first(where: { scope.words[$0...].starts(with: opening) }) else {
            return false
        }
        var depth = 0
        for (index, word) in scope.words.enumerated().dropFirst(start + 4) {
            depth += word == "(" ? 1 : word == ")" ? -1 : 0
            if depth == 0 { return scope.words.dropFirst(index + 1).first == tenant }
        }
        return false
    }

    /// Everything else a statement must not do, each as a short name.
    func faults(in text: String) -> [String] {
        let nodes = SQLText.parse(text)
        var words = SQLText.tokens(of: text)
        var faults: [String] = []
        // Rows may be copied from the client into columns that are named, and in no other way.
        if text.contains(/^copy [a-z_.]+ \([a-z_, \n]+\) from stdin;?$/) { words.removeFirst() }
        for (word, next) in zip(words, words.dropFirst() + [""]) {
            if Self.volatile.contains(word), next == "(" || Self.bare.contains(word) { faults.append(word) }
            if word == "case", next != "when" { faults.append("simple case") }
            if ["merge", "copy", "notify", "listen", "truncate"].contains(word) { faults.append(word) }
            if word == "set_config" { faults.append(word) }
            if word.contains(where: \.isUppercase) { faults.append("upper case: \(word)") }
            if word.hasSuffix("tenant_id"), next == "in" { faults.append("several tenants") }
            if word == "*", next == "from" { faults.append("select *") }
        }
        for scope in SQLScope.all(in: nodes) {
            let names = scope.words.filter { $0.hasSuffix("tenant_id") }
            if names.contains(where: { scope.contains([$0, "=", "any"]) }) { faults.append("several tenants") }
            if isOpenInsert(scope) { faults.append("insert … select without on conflict or returning") }
            if scope.words.first == "update" || scope.words.first == "delete", scope.words.contains("interval") {
                faults.append("interval in a change")
            }
        }
        if insertsInside(nodes) { faults.append("insert inside a CTE") }
        return faults
    }

    private static let bare: Set<String> = ["current_timestamp", "current_date", "current_time", "localtimestamp"]
    private static let volatile: Set<String> = bare.union([
        "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", "random",
        "gen_random_uuid", "uuid_generate_v4", "nextval", "currval", "lastval", "pg_notify", "pg_advisory_lock",
        "pg_advisory_xact_lock",
    ])

    private func isOpenInsert(_ scope: SQLScope) -> Bool {
        guard scope.contains(["insert", "into"]), scope.words.contains("select") else { return false }
        return !scope.contains(["on", "conflict"]) && !scope.words.contains("returning")
    }

    private func insertsInside(_ nodes: [SQLText]) -> Bool {
        nodes.contains { node in
            guard case .group(let inner) = node else { return false }
            return inner.first?.word == "insert" || insertsInside(inner)
        }
    }
}
