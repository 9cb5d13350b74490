package import Dunning
package import Postgres

/// Customers that are meant together, as shown: a condition, or a list.
package struct SegmentRecord: Sendable, Equatable {
    package let id: ID<Segment>
    package var name: String
    /// Nil: whom somebody put into it.
    package var condition: Condition?
    /// On the list; those who fulfil a condition are not counted.
    package let members: Int
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(id: ID<Segment>, name: String, condition: Condition?, at now: Instant) {
        self.id = id
        self.name = name
        self.condition = condition
        members = 0
        createdAt = now
        updatedAt = now
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("segment_id")
        name = try row("name")
        let json: JSONText? = try row.optional("condition")
        condition = try json?.condition()
        members = try row("members")
        createdAt = try row("created_at")
        updatedAt = try row("updated_at")
    }
}

/// A customer that somebody put into a segment.
package struct SegmentMember: Sendable, Equatable {
    package let customer: ID<Customer>
    package let externalID: String
    package let name: String
    package let addedAt: Instant
}

extension Transaction {
    /// False when the name is taken.
    package mutating func insert(_ segment: SegmentRecord) throws(PostgresError) -> Bool {
        try run(
            "segment_add", tenantID, segment.id, segment.name, segment.condition.map { JSONText($0.document) },
            segment.createdAt) > 0
    }

    package mutating func update(_ segment: SegmentRecord, at now: Instant) throws(PostgresError) {
        try must(
            "segment_change", tenantID, segment.id, segment.name, segment.condition.map { JSONText($0.document) }, now)
    }

    package mutating func segment(_ id: ID<Segment>) throws(PostgresError) -> SegmentRecord? {
        try first("segment_by_id", tenantID, id).map { row throws(PostgresError) in try SegmentRecord(row) }
    }

    package mutating func lockedSegment(_ id: ID<Segment>) throws(PostgresError) -> SegmentRecord? {
        guard try first("segment_lock", tenantID, id) != nil else { return nil }
        return try segment(id)
    }

    package mutating func segments(_ page: Page<Segment>) throws(PostgresError) -> [SegmentRecord] {
        try rows("segment_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try SegmentRecord(row) }
    }

    /// The segments of these names, and whether they are conditions.
    package mutating func segments(
        named names: [String]
    ) throws(PostgresError) -> [String: (id: ID<Segment>, isCondition: Bool)] {
        var found: [String: (id: ID<Segment>, isCondition: Bool)] = [:]
        for row in try rows("segment_named", tenantID, names) {
            found[try row("name")] = (try row("segment_id"), try row("has_condition"))
        }
        return found
    }

    package mutating func segmentRules() throws(PostgresError) -> [SegmentRule] {
        var found: [SegmentRule] = []
        for row in try rows("segment_rules", tenantID) {
            let json: JSONText = try row("condition")
            found.append(SegmentRule(name: try row("name"), condition: try json.condition()))
        }
        return found
    }

    /// Those of these who were not in the segment before.
    package mutating func join(
        _ segment: ID<Segment>, _ customers: [ID<Customer>], at now: Instant
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("segment_join", tenantID, segment, customers, now)
            .map { row throws(PostgresError) in try row("customer_id") }
    }

    /// Those of these who were in it.
    package mutating func leave(
        _ segment: ID<Segment>, _ customers: [ID<Customer>]
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("segment_leave", tenantID, segment, customers)
            .map { row throws(PostgresError) in try row("customer_id") }
    }

    package mutating func members(
        of segment: ID<Segment>, _ page: Page<Customer>
    ) throws(PostgresError) -> [SegmentMember] {
        var found: [SegmentMember] = []
        for row in try rows("segment_members", tenantID, segment, page.before, page.count) {
            found.append(
                SegmentMember(
                    customer: try row("customer_id"), externalID: try row("external_id"), name: try row("name"),
                    addedAt: try row("added_at")))
        }
        return found
    }

    /// Those of these who are this tenant's.
    package mutating func knownCustomers(_ customers: [ID<Customer>]) throws(PostgresError) -> Set<ID<Customer>> {
        var found: Set<ID<Customer>> = []
        for row in try rows("segment_known_customers", tenantID, customers) { found.insert(try row("customer_id")) }
        return found
    }
}
