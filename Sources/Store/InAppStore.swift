package import Dunning
package import Postgres

/// A message that the tenant's own product shows.
package struct InAppRecord: Sendable, Equatable {
    package let id: ID<InApp>
    package let customer: ID<Customer>
    package let enrolment: ID<Enrolment>
    package let brand: ID<Brand>
    package let stage: Int
    package let locale: String
    package let subject: String
    package let text: String
    package let html: String
    package let createdAt: Instant

    package init(
        id: ID<InApp>, customer: ID<Customer>, enrolment: ID<Enrolment>, brand: ID<Brand>, stage: Int, locale: String,
        subject: String, text: String, html: String, createdAt: Instant
    ) {
        self.id = id
        self.customer = customer
        self.enrolment = enrolment
        self.brand = brand
        self.stage = stage
        self.locale = locale
        self.subject = subject
        self.text = text
        self.html = html
        self.createdAt = createdAt
    }
}

extension Transaction {
    package mutating func insertInApp(_ record: InAppRecord, step: ID<StepRun>) throws(PostgresError) {
        try must(
            "in_app_insert", tenantID, record.id, record.customer, record.enrolment, step, record.brand, record.stage,
            record.locale, record.subject, record.text, record.html, record.createdAt)
    }

    /// Newest first.
    package mutating func inApp(
        _ page: Page<InApp>, of customer: ID<Customer>
    ) throws(PostgresError) -> [InAppRecord] {
        var records: [InAppRecord] = []
        for row in try rows("in_app_page", tenantID, customer, page.before, page.count) {
            records.append(
                InAppRecord(
                    id: try row("in_app_id"), customer: try row("customer_id"), enrolment: try row("enrolment_id"),
                    brand: try row("brand_id"), stage: try row("stage"), locale: try row("locale"),
                    subject: try row("subject"), text: try row("text_body"), html: try row("html_body"),
                    createdAt: try row("created_at")))
        }
        return records
    }
}
