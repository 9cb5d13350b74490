package import Dunning
package import Postgres
package import Store

/// Says how long a source may be silent before it counts as stale: from then on nobody is reminded until it speaks again.
package struct SetSourceAge: Sendable {
    /// What a source may be silent where nobody said how long: a nightly run, and two hours for it to be late.
    package static let standardHours = 26

    let source: String
    /// Nil: for ever.
    let hours: Int?

    package init(of source: String, hours: Int?) throws(Rejection) {
        try SourceRule.check(source, at: "/name")
        if let hours, !(1...8_760).contains(hours) {
            throw .invalid("/max_age_hours", "out_of_range", "must be from 1 to 8760")
        }
        self.source = source
        self.hours = hours
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> SourceRecord {
        try tx.setAge(of: source, hours: hours, at: context.now)
        try Watch.queue(at: context.now, in: &tx)
        try tx.audit(
            context, action: "source.changed", subject: context.tenant.uuid,
            detail: ["source": source, "max_age_hours": hours.map(String.init) ?? ""])
        guard let record = try tx.source(named: source) else { preconditionFailure("it was written just now") }
        return record
    }
}
