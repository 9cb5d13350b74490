package import Dunning
package import Postgres

/// Who collects where we do not go on, and the conditions under which it takes a case.
package struct AgencyRecord: Sendable, Hashable {
    package let id: ID<Agency>
    package var name: String
    package var email: String?
    package var terms: AgencyTerms
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(id: ID<Agency>, name: String, email: String?, terms: AgencyTerms, at now: Instant) {
        self.id = id
        self.name = name
        self.email = email
        self.terms = terms
        createdAt = now
        updatedAt = now
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("agency_id")
        name = try row("name")
        email = try row.optional("email")
        let (currencies, amounts): ([Currency], [Int64]) = (try row("currencies"), try row("amounts"))
        terms = AgencyTerms(
            minimums: zip(currencies, amounts).map { Money(minor: $1, currency: $0) },
            minimumAgeDays: try row("minimum_age_days"), responseDays: try row("response_days"))
        createdAt = try row("created_at")
        updatedAt = try row("updated_at")
    }
}

extension Transaction {
    /// False when the name is taken.
    package mutating func insert(_ agency: AgencyRecord) throws(PostgresError) -> Bool {
        guard
            try run(
                "agency_add", tenantID, agency.id, agency.name, agency.email, agency.terms.minimumAgeDays,
                agency.terms.responseDays, agency.createdAt) == 1
        else { return false }
        try writeMinimums(of: agency)
        return true
    }

    package mutating func update(_ agency: AgencyRecord, at now: Instant) throws(PostgresError) {
        try must(
            "agency_change", tenantID, agency.id, agency.name, agency.email, agency.terms.minimumAgeDays,
            agency.terms.responseDays, now)
        try run("agency_clear_minimums", tenantID, agency.id)
        try writeMinimums(of: agency)
    }

    private mutating func writeMinimums(of agency: AgencyRecord) throws(PostgresError) {
        try run(
            "agency_add_minimums", tenantID, agency.id, agency.terms.minimums.map(\.currency),
            agency.terms.minimums.map(\.minor))
    }

    package mutating func agency(_ id: ID<Agency>) throws(PostgresError) -> AgencyRecord? {
        try first("agency_by_id", tenantID, id).map { row throws(PostgresError) in try AgencyRecord(row) }
    }

    package mutating func agency(named name: String) throws(PostgresError) -> AgencyRecord? {
        guard let row = try first("agency_named", tenantID, name) else { return nil }
        return try agency(try row("agency_id"))
    }

    package mutating func agencies(_ page: Page<Agency>) throws(PostgresError) -> [AgencyRecord] {
        try rows("agency_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try AgencyRecord(row) }
    }
}
