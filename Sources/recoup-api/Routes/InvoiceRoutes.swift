import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let invoices: [Route] = [
        .tenant(.post, "/v1/invoices", query: ["source"]) { call in
            let source = call.source
            let record = try await call.body { try $0.newInvoice(from: source) }
            let (invoice, isNew) = try await call.write { try record.run(in: &$0, $1) }
            return .made(InvoiceResponse(invoice), isNew: isNew)
        },
        .batch("/v1/invoices/batch", reading: { try $0.newInvoice(from: $1) }) { record, tx, context in
            let (invoice, isNew) = try record.run(in: &tx, context)
            return (invoice.id.description, isNew)
        },
        .tenant(
            .get, "/v1/invoices", query: ["limit", "cursor", "customer_id", "state", "source", "external_id"]
        ) { call in
            let page: Page<Invoice> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let state = try call.query.choice("state", of: InvoiceState.self)?.rawValue
            let (source, name, now) = (call.query.text("source"), call.query.text("external_id"), call.now)
            let records = try await call.read {
                try $0.invoices(
                    customer: customer, state: state, source: source, externalID: name, before: page.before,
                    count: page.count, now: now)
            }
            return .page(page, records, id: \.id, InvoiceResponse.init)
        },
        .tenant(.get, "/v1/invoices/{id}") { call in
            let id = try call.id(Invoice.self, "invoice")
            return .ok(InvoiceResponse(try await call.find("invoice") { try $0.invoice(id) }))
        },
        .tenant(.patch, "/v1/invoices/{id}") { call in
            let id = try call.id(Invoice.self, "invoice")
            let pin = try await call.body { fields in
                if !fields.has("workflow_id") { _ = fields.required("workflow_id") }
                return PinInvoice(id, to: fields.id(optional: "workflow_id"))
            }
            return .ok(InvoiceResponse(try await call.write { try pin.run(in: &$0, $1) }))
        },
        .tenant(.put, "/v1/invoices/{id}", query: ["source"]) { call in
            let name = SourceName(try call.externalName(), source: call.source)
            let put = try await call.body { try $0.putInvoice(name) }
            let (invoice, outcome, crossing) = try await call.write { try put.run(in: &$0, $1) }
            return .made(
                InvoicePutResponse(
                    outcome: outcome.rawValue, invoice: InvoiceResponse(invoice),
                    messages: CrossedMessageResponse.all(crossing)),
                isNew: outcome == .created)
        },
        .tenant(.post, "/v1/invoices/{id}/write_offs", query: ["source"]) { call in
            let (id, source) = (try call.id(Invoice.self, "invoice"), call.source)
            let writeOff = try await call.body { WriteOff(id, try $0.posting(from: source)) }
            let posted = try await call.write { try writeOff.run(in: &$0, $1) }
            return .made(PostingResponse(posted), isNew: posted.isNew)
        },
    ]
}

extension Fields {
    fileprivate mutating func newInvoice(from source: String) throws(Rejection) -> RecordInvoice {
        let total = money("amount")
        return try RecordInvoice(
            SourceName(line("external_id", upTo: 200), source: source), version: version(),
            number: line(optional: "number", upTo: 200), customer: debtor(), brand: id(optional: "brand_id"),
            issueDate: day(optional: "issue_date"), dueDate: day(optional: "due_date"), total: total,
            instalments: instalments(of: total.currency), workflow: id(optional: "workflow_id"))
    }

    fileprivate mutating func putInvoice(_ name: SourceName) throws(Rejection) -> PutInvoice {
        let total = money("amount", orZero: true)
        return try PutInvoice(
            name, version: version(), number: line(optional: "number", upTo: 200), customer: debtor(),
            brand: id(optional: "brand_id"), issueDate: day(optional: "issue_date"),
            dueDate: change("due_date") { $0.day(optional: $1) }, total: total,
            instalments: change("instalments") { fields, _ in fields.instalments(of: total.currency) },
            status: choice(optional: "status"),
            workflow: change("workflow_id") { $0.id(optional: $1) })
    }
}

/// What a list of invoices can be narrowed to.
enum InvoiceState: String, CaseIterable, Sendable {
    case open, overdue, settled
}

struct InvoiceResponse: Encodable, Sendable {
    struct Part: Encodable, Sendable {
        let dueDate: Day?
        let amount: MoneyResponse
        let open: MoneyResponse
    }

    let id: ID<Invoice>
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    let source: String
    let externalId: String
    let version: Int64
    let number: String
    @OrNull var issueDate: Day?
    /// Of the first instalment, where there are several.
    @OrNull var dueDate: Day?
    let amount: MoneyResponse
    /// Not covered by money received, credited or written off.
    let open: MoneyResponse
    let instalments: [Part]
    @OrNull var workflowId: ID<Workflow>?
    @OrNull var settledAt: Instant?
    let recordedAt: Instant

    init(_ record: InvoiceRecord) {
        id = record.id
        customerId = record.customer
        brandId = record.brand
        source = record.name.source
        externalId = record.name.externalID
        version = record.version
        number = record.number
        issueDate = record.issueDate
        dueDate = record.dueDate
        amount = MoneyResponse(record.total)
        open = MoneyResponse(record.open)
        let currency = record.total.currency
        instalments = Instalment.parts(
            of: record.total.minor, covered: record.total.minor - record.open.minor, record.instalments
        ).map { part in
            Part(
                dueDate: part.dueDate, amount: MoneyResponse(Money(minor: part.amount, currency: currency)),
                open: MoneyResponse(Money(minor: part.amount - part.covered, currency: currency)))
        }
        workflowId = record.workflow
        settledAt = record.settledAt
        recordedAt = record.recordedAt
    }
}

struct InvoicePutResponse: Encodable, Sendable {
    let outcome: String
    let invoice: InvoiceResponse
    let messages: [CrossedMessageResponse]
}
