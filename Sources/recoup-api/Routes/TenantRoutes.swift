import Dunning
import HTTPTypes
import Operations
import Postgres
import Store

extension Route {
    /// Tenants as the platform sees them.
    static let tenants: [Route] = [
        .platform(.post, "/v1/tenants") { call in
            let create = try await call.body { try CreateTenant(name: $0.line("name", upTo: 200)) }
            let id = ID<Tenant>.make(at: call.now)
            return .created(TenantResponse(try await call.write(in: id) { try create.run(in: &$0, $1) }))
        },
        .platform(.get, "/v1/tenants", query: ["limit", "cursor"]) { call in
            let page: Page<Tenant> = try call.query.page()
            let records = try await call.world.dispatch.read(as: .none) { try $0.everyTenant(page) }
            return .page(page, records, id: \.id, TenantResponse.init)
        },
        .platform(.get, "/v1/tenants/{tenant_id}") { call in
            let id = try call.id(Tenant.self, "tenant", at: "tenant_id")
            guard let record = try await call.read(in: id, { try $0.tenantRecord() }) else {
                throw Rejection.notFound("tenant")
            }
            return .ok(TenantResponse(record))
        },
        .platform(.patch, "/v1/tenants/{tenant_id}") { call in
            let id = try call.id(Tenant.self, "tenant", at: "tenant_id")
            let weight = try await call.body { try SetWeight($0.int("weight", in: SetWeight.range)) }
            return .ok(TenantResponse(try await call.write(in: id) { try weight.run(in: &$0, $1) }))
        },
    ]

    /// A tenant's own settings.
    static let ownTenant: [Route] = [
        .tenant(.get, "/v1/tenant") { call in
            .ok(TenantResponse(try await call.find("tenant") { try $0.tenantRecord() }))
        },
        .tenant(.patch, "/v1/tenant") { call in
            let change = try await call.body { fields in
                try ChangeTenant(
                    name: fields.change("name") { $0.line($1, upTo: 200) },
                    killSwitch: fields.change("kill_switch") { $0.bool($1) },
                    workflow: fields.change("workflow_id") { $0.id($1) }, zone: fields.change("zone") { $0.zone($1) },
                    baseCurrency: fields.change("base_currency") { $0.currency(optional: $1) },
                    agingEdges: fields.change("aging_edges") { $0.agingEdges($1) },
                    vetoHours: fields.change("veto_hours") { $0.int($1, in: ChangeTenant.vetoRange) },
                    firstContactsPerDay: fields.change("first_contacts_per_day") {
                        $0.int(optional: $1, in: ChangeTenant.firstContactsRange)
                    }, sendsCorrections: fields.change("correction_notes") { $0.bool($1) })
            }
            return .ok(TenantResponse(try await call.write { try change.run(in: &$0, $1) }))
        },
    ]
}

struct TenantResponse: Encodable, Sendable {
    let id: ID<Tenant>
    let name: String
    let mode: String
    let killSwitch: Bool
    @OrNull var workflowId: ID<Workflow>?
    let zone: String
    @OrNull var baseCurrency: String?
    let agingEdges: [Int]
    let weight: Int
    let vetoHours: Int
    @OrNull var firstContactsPerDay: Int?
    let correctionNotes: Bool
    let createdAt: Instant
    @OrNull var activatedAt: Instant?

    init(_ record: TenantRecord) {
        id = record.id
        name = record.name
        mode = record.mode.rawValue
        killSwitch = record.killSwitch
        workflowId = record.workflow
        zone = record.zone.identifier
        baseCurrency = record.baseCurrency?.code
        agingEdges = record.agingEdges.days
        weight = record.weight
        vetoHours = record.vetoHours
        firstContactsPerDay = record.firstContactsPerDay
        correctionNotes = record.sendsCorrections
        createdAt = record.createdAt
        activatedAt = record.activatedAt
    }
}
