import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let invoices: [Route] = [
        .tenant(.post, "/v1/invoices") { call in
            let record = try await call.body { fields in
                try RecordInvoice(
                    externalID: fields.line("external_id", upTo: 200),
                    number: fields.line(optional: "number", upTo: 200),
                    customer: fields.id("customer_id"), brand: fields.id(optional: "brand_id"),
                    issueDate: fields.day(optional: "issue_date"), dueDate: fields.day(optional: "due_date"),
                    total: fields.money("amount"))
            }
            let (invoice, isNew) = try await call.write { try record.run(in: &$0, $1) }
            return .made(InvoiceResponse(invoice), isNew: isNew)
        },
        .tenant(.get, "/v1/invoices", query: ["limit", "cursor", "customer_id", "state"]) { call in
            let page: Page<Invoice> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let state = try call.query.choice("state", of: InvoiceState.self)?.rawValue
            let now = call.now
            let records = try await call.read {
                try $0.invoices(customer: customer, state: state, before: page.before, count: page.count, now: now)
            }
            return .page(page, records, id: \.id, InvoiceResponse.init)
        },
        .tenant(.get, "/v1/invoices/{id}") { call in
            let id = try call.id(Invoice.self, "invoice")
            return .ok(InvoiceResponse(try await call.find("invoice") { try $0.invoice(id) }))
        },
    ]
}

/// What a list of invoices can be narrowed to.
enum InvoiceState: String, CaseIterable, Sendable {
    case open, overdue, settled
}

struct InvoiceResponse: Encodable, Sendable {
    let id: ID<Invoice>
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    let externalId: String
    let number: String
    @OrNull var issueDate: Day?
    @OrNull var dueDate: Day?
    let amount: MoneyResponse
    /// Not covered by money received.
    let open: MoneyResponse
    @OrNull var settledAt: Instant?
    let recordedAt: Instant

    init(_ record: InvoiceRecord) {
        id = record.id
        customerId = record.customer
        brandId = record.brand
        externalId = record.name.externalID
        number = record.number
        issueDate = record.issueDate
        dueDate = record.dueDate
        amount = MoneyResponse(record.total)
        open = MoneyResponse(record.open)
        settledAt = record.settledAt
        recordedAt = record.recordedAt
    }
}
