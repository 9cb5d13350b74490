package import Dunning
package import Postgres

/// Customers that are merged: what of one becomes the other's, and who finds it there.
extension Transaction {
    /// Ends this transaction, to be run again, when one of these was merged into another since it was read.
    package mutating func checkStay(_ customers: [ID<Customer>]) throws(PostgresError) {
        guard !customers.isEmpty else { return }
        try run("merge_check", tenantID, customers)
    }

    /// Nobody merges this customer away until the transaction ends; false when somebody has. Lock its cases before.
    package mutating func keep(_ customer: ID<Customer>) throws(PostgresError) -> Bool {
        try first("merge_keep", tenantID, customer) != nil
    }

    /// Waits for whoever writes anything of these customers, and keeps others from it until the transaction ends.
    package mutating func lockForMerge(_ customers: [ID<Customer>]) throws(PostgresError) {
        _ = try rows("merge_lock", tenantID, customers)
    }

    package mutating func mergeAnswer(of customer: ID<Customer>) throws(PostgresError) -> JSONText? {
        try first("merge_answer", tenantID, customer)?.optional("answer")
    }

    /// From now on the one leads to the other, as do those that led to it.
    package mutating func markMerged(
        _ customer: ID<Customer>, into: ID<Customer>, answer: JSONText, at now: Instant
    ) throws(PostgresError) {
        try must("merge_mark", tenantID, customer, into, answer, now)
        try run("merge_shorten", tenantID, customer, into)
    }

    /// Messages to these customers that are on the wire, with the civil day on which each is a contact.
    package mutating func messagesUnderWay(
        to customers: [ID<Customer>]
    ) throws(PostgresError) -> [(id: ID<Message>, day: Day)] {
        var found: [(id: ID<Message>, day: Day)] = []
        for row in try rows("merge_under_way", tenantID, customers) {
            found.append((try row("message_id"), try row("contact_day")))
        }
        return found
    }

    /// All that is one customer's becomes the other's. Of two open cases of one brand and currency one is closed before.
    package mutating func moveAll(of customer: ID<Customer>, to other: ID<Customer>) throws(PostgresError) {
        // Steps are found by their cases.
        for query in [
            "merge_step_runs", "merge_cases", "merge_first_contacts", "merge_invoices", "merge_payments",
            "merge_entries", "merge_postings", "merge_disputes", "merge_promises", "merge_plans", "merge_holds",
            "merge_handovers", "merge_tasks", "merge_notes", "merge_messages", "merge_in_app", "merge_segments",
            "merge_shares", "merge_contacts",
        ] {
            try run(query, tenantID, customer, other)
        }
        try run("merge_segments_leave", tenantID, customer)
        try run("merge_jobs", tenantID, customer)
    }

    /// It is one person now: what was opted out of or refused under one name is so under all, and what went to one address since
    /// that day counts for each.
    package mutating func joinContacts(
        of customer: ID<Customer>, since day: Day, at now: Instant
    ) throws(PostgresError) {
        try run("merge_opt_outs", tenantID, customer, now)
        try run("merge_suppressions", tenantID, customer, now)
        try run("merge_budget", tenantID, customer, day)
    }

    /// Open invoices on accounts with money that may cover them, by brand.
    package mutating func meetings(
        of customer: ID<Customer>
    ) throws(PostgresError) -> [ID<Brand>: [ID<Invoice>]] {
        var found: [ID<Brand>: [ID<Invoice>]] = [:]
        for row in try rows("merge_meetings", tenantID, customer) {
            found[try row("brand_id"), default: []].append(try row("invoice_id"))
        }
        return found
    }

    /// Those of which nothing is open any more.
    package mutating func covered(among invoices: [ID<Invoice>]) throws(PostgresError) -> [ID<Invoice>] {
        guard !invoices.isEmpty else { return [] }
        return try rows("merge_covered", tenantID, invoices)
            .map { row throws(PostgresError) in try row("invoice_id") }
    }

    /// Invoices that were read in another transaction, each with whose it is now.
    package mutating func followed(
        _ invoices: [(invoice: ID<Invoice>, customer: ID<Customer>)]
    ) throws(PostgresError) -> [(invoice: ID<Invoice>, customer: ID<Customer>)] {
        var others: [ID<Customer>: ID<Customer>] = [:]
        for row in try rows("merge_followed", tenantID, Array(Set(invoices.map(\.customer)))) {
            others[try row("customer_id")] = try row("other")
        }
        return invoices.map { ($0.invoice, others[$0.customer] ?? $0.customer) }
    }

    /// Staged rows that name a customer that was merged are about the one that stayed.
    package mutating func renameMerged(
        of id: ID<Import>, from: ImportPlace = .start, to: ImportPlace = .end
    ) throws(PostgresError) {
        guard try row("merge_any", tenantID)("found") else { return }
        try run("merge_rename_rows", tenantID, id, from.slot, from.seq, to.slot, to.seq)
    }
}
