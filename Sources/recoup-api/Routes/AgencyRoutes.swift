import Dunning
import HTTPTypes
import Hummingbird
import NIOCore
import Operations
import Store

extension Route {
    /// Agencies, what they have, and the evidence that goes with it.
    static let agencies: [Route] = [
        .tenant(.post, "/v1/agencies") { call in
            let save = try await call.body { try $0.agency(.new) }
            return .created(AgencyResponse(try await call.write { try save.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/agencies", query: ["limit", "cursor"]) { call in
            let page: Page<Agency> = try call.query.page()
            let records = try await call.read { try $0.agencies(page) }
            return .page(page, records, id: \.id, AgencyResponse.init)
        },
        .tenant(.get, "/v1/agencies/{id}") { call in
            let id = try call.id(Agency.self, "agency")
            return .ok(AgencyResponse(try await call.find("agency") { try $0.agency(id) }))
        },
        .tenant(.put, "/v1/agencies/{id}") { call in
            let id = try call.id(Agency.self, "agency")
            let save = try await call.body { try $0.agency(.known(id)) }
            return .ok(AgencyResponse(try await call.write { try save.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/cases/{id}/handover") { call in
            let id = try call.id(Enrolment.self, "case")
            let hand = try await call.body { fields in
                try HandOver(
                    id, to: fields.id("agency_id"), note: fields.lines(optional: "note", upTo: 2_000) ?? "")
            }
            return .created(HandoverResponse(try await call.writeBulk { try hand.run(in: &$0, $1) }))
        },
        .tenantText(.get, "/v1/cases/{id}/evidence") { call in
            let id = try call.id(Enrolment.self, "case")
            let pack = try await call.writeBulk { try ExportEvidence(id).run(in: &$0, $1) }
            return .archive(pack.bytes, named: "evidence-\(id).tar")
        },
        .tenant(.get, "/v1/handovers", query: ["limit", "cursor", "customer_id", "agency_id", "state"]) { call in
            let page: Page<Handover> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let agency = try call.query.id("agency_id", Agency.self)
            let state = try call.query.choice("state", of: HandoverRecord.State.self)
            let records = try await call.read { try $0.handovers(page, of: customer, to: agency, in: state) }
            return .page(page, records, id: \.id, HandoverResponse.init)
        },
        .tenant(.get, "/v1/handovers/{id}") { call in
            let id = try call.id(Handover.self, "handover")
            return .ok(HandoverResponse(try await call.find("handover") { try $0.handover(id) }))
        },
        .tenantText(.get, "/v1/handovers/{id}/evidence") { call in
            let id = try call.id(Handover.self, "handover")
            return .archive(try await call.find("handover") { try $0.handedPack(id) }, named: "evidence-\(id).tar")
        },
        .tenant(.post, "/v1/handovers/{id}/recall") { call in
            let id = try call.id(Handover.self, "handover")
            let recall = try await call.body { try RecallHandover(id, reason: $0.line("reason", upTo: 64)) }
            return .ok(HandoverResponse(try await call.write { try recall.run(in: &$0, $1) }))
        },
    ]
}

extension Response {
    fileprivate static func archive(_ bytes: [UInt8], named name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "application/x-tar", .contentLength: "\(bytes.count)",
                .contentDisposition: "attachment; filename=\"\(name)\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Fields {
    fileprivate mutating func agency(_ target: SaveAgency.Target) throws(Rejection) -> SaveAgency {
        let (name, address) = (line("name", upTo: 200), email(optional: "email"))
        let minimums = objects("minimums", upTo: 200) { $0.amount() }
        return try SaveAgency(
            target, name: name, email: address,
            terms: AgencyTerms(
                minimums: minimums, minimumAgeDays: int(optional: "minimum_age_days", in: 0...3_650) ?? 0,
                responseDays: int(optional: "response_days", in: 0...365) ?? 14))
    }
}

struct AgencyResponse: Encodable, Sendable {
    let id: ID<Agency>
    let name: String
    @OrNull var email: String?
    let minimums: [MoneyResponse]
    let minimumAgeDays: Int
    let responseDays: Int
    let createdAt: Instant
    let updatedAt: Instant

    init(_ record: AgencyRecord) {
        id = record.id
        name = record.name
        email = record.email
        minimums = record.terms.minimums.map(MoneyResponse.init)
        minimumAgeDays = record.terms.minimumAgeDays
        responseDays = record.terms.responseDays
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}

struct HandoverResponse: Encodable, Sendable {
    struct Share: Encodable, Sendable {
        let invoiceId: ID<Invoice>
        let amount: MoneyResponse
    }

    let id: ID<Handover>
    let caseId: ID<Enrolment>
    let customerId: ID<Customer>
    let agencyId: ID<Agency>
    let state: String
    let amount: MoneyResponse
    let invoices: [Share]
    let finalMessageId: ID<Message>
    /// SHA-256 of the evidence that was handed over.
    let evidenceSha256: String
    let note: String
    let handedAt: Instant
    @OrNull var endedAt: Instant?
    @OrNull var endReason: String?

    init(_ record: HandoverRecord) {
        id = record.id
        caseId = record.enrolment
        customerId = record.customer
        agencyId = record.agency
        state = record.state.rawValue
        amount = MoneyResponse(record.amount)
        invoices = record.shares.map {
            Share(
                invoiceId: $0.invoice,
                amount: MoneyResponse(Money(minor: $0.amount, currency: record.amount.currency)))
        }
        finalMessageId = record.finalNotice
        evidenceSha256 = record.packSHA256
        note = record.note
        handedAt = record.handedAt
        endedAt = record.endedAt
        endReason = record.endReason
    }
}
