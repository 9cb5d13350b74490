import Dunning
import Foundation
import HTTPTypes
import Operations
import Postgres
import Store

extension Route {
    static let simulations: [Route] = [
        .tenant(.post, "/v1/simulations") { call in
            let now = call.now
            let start = try await call.body { fields in
                let days = fields.int(optional: "days", in: 1...366) ?? StartSimulation.usualDays
                let payments = fields.value(optional: "payments", "bad_payments", PaymentAssumption.forms) {
                    PaymentAssumption($0)
                }
                let entry = fields.value(optional: "entry_policy", "bad_entry_policy", EntryPolicy.forms) {
                    EntryPolicy($0)
                }
                let moves = fields.bool(optional: "move_cases") ?? false
                let tried = try fields.tried()
                return try StartSimulation(
                    of: tried, movesCases: moves, days: days, payments: payments ?? .nobody, entry: entry,
                    isQueued: true, at: now)
            }
            return .accepted(try SimulationResponse(try await call.write { try start.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/simulations", query: ["limit", "cursor"]) { call in
            let page: Page<SimulationRun> = try call.query.page()
            return .page(
                page, try await call.read { try $0.simulations(page) }, id: \.id, SimulationSummaryResponse.init)
        },
        .tenant(.get, "/v1/simulations/{id}") { call in
            let id = try call.id(SimulationRun.self, "simulation")
            return .ok(try SimulationResponse(try await call.find("simulation") { try $0.simulation(id) }))
        },
        .tenant(
            .get, "/v1/simulations/{id}/events", query: ["limit", "cursor", "kind", "customer_id"]
        ) { call in
            let id = try call.id(SimulationRun.self, "simulation")
            let count = try call.query.count()
            let kind: SimulatedKind? = try call.query.choice("kind")
            let customer: ID<Customer>? = try call.query.id("customer_id")
            let last = try call.query.value("cursor", "bad_cursor", "must be a next_cursor as it was answered") {
                EventPlace($0)
            }
            let events = try await call.find("simulation") { tx in
                guard try tx.simulation(id) != nil else { return nil as [SimulationEventRecord]? }
                return try tx.simulationEvents(
                    of: id, after: last.map { ($0.customer, $0.seq) }, kind: kind?.rawValue, customer: customer,
                    count: count)
            }
            let next = events.count == count ? events.last.map { "\($0.customer):\($0.seq)" } : nil
            return .ok(PageResponse(data: try events.map(SimulationEventResponse.init), nextCursor: next))
        },
    ]
}

extension Fields {
    /// The version that is tried: as a document, or as steps of a workflow that is named.
    fileprivate mutating func tried() throws(Rejection) -> StartSimulation.Tried? {
        let workflow: ID<Workflow>? = id(optional: "workflow_id")
        guard let text = lines(optional: "document", upTo: YAMLDocument.mostBytes) else {
            guard let workflow else { return nil }
            return .version(try proposal(), of: workflow)
        }
        do throws(Rejection) {
            return .document(try WorkflowDocument(try YAMLDocument.read(text)), of: workflow)
        } catch {
            throw error.within("/document")
        }
    }
}

enum SimulatedKind: String, CaseIterable, Sendable {
    case message, skip, task, exit
    case inApp = "in_app"
}

/// Where a page of events ended: they are listed by customer.
private struct EventPlace {
    let customer: ID<Customer>
    let seq: Int

    init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let customer = ID<Customer>(String(parts[0])), let seq = Int(parts[1]),
            (0...Int(Int32.max)).contains(seq)
        else { return nil }
        self.customer = customer
        self.seq = seq
    }
}

/// A simulation without its sums, as lists show it.
struct SimulationSummaryResponse: Encodable, Sendable {
    let id: ID<SimulationRun>
    let purpose: String
    let state: String
    @OrNull var workflowId: ID<Workflow>?
    let movesCases: Bool
    @OrNull var entryPolicy: String?
    let days: Int
    let payments: String
    let beginsAt: Instant
    let customersDone: Int
    @OrNull var problem: String?
    let createdAt: Instant
    @OrNull var finishedAt: Instant?
    @OrNull var usedAt: Instant?

    init(_ record: SimulationRecord) {
        id = record.id
        purpose = record.purpose.rawValue
        state = record.state.rawValue
        workflowId = record.workflow
        movesCases = record.movesCases
        entryPolicy = record.entry?.text
        days = record.days
        payments = record.payments.text
        beginsAt = record.beginsAt
        customersDone = record.customersDone
        problem = record.problem
        createdAt = record.createdAt
        finishedAt = record.finishedAt
        usedAt = record.usedAt
    }
}

/// A simulation with what it comes to, day by day.
struct SimulationResponse: Encodable, Sendable {
    struct DaySums: Encodable, Sendable {
        let day: String
        let messages: [String: Int]
        let firstContacts: Int
        let inApp: Int
        let skips: [String: Int]
        let tasks: [String: Int]
    }

    struct Sums: Encodable, Sendable {
        let customers: Int
        let messages: Int
        let inApp: Int
        let stages: [String: Int]
        let asked: [MoneyResponse]
        let skips: [String: Int]
        let tasks: [String: Int]
        let exits: [String: Int]
        let days: [DaySums]

        init(_ sums: SimulationSums) {
            customers = sums.customers
            messages = sums.messages
            inApp = sums.inApp
            stages = Dictionary(uniqueKeysWithValues: sums.stages.map { ("\($0.key)", $0.value) })
            asked = sums.asked.sorted { $0.key < $1.key }.compactMap { code, minor in
                Currency(code).map { MoneyResponse(Money(minor: minor, currency: $0)) }
            }
            skips = sums.total(\.skips)
            tasks = sums.total(\.tasks)
            exits = sums.exits
            days = sums.days.sorted { $0.key < $1.key }.map { day, sums in
                DaySums(
                    day: day, messages: sums.messages, firstContacts: sums.firstContacts, inApp: sums.inApp,
                    skips: sums.skips, tasks: sums.tasks)
            }
        }
    }

    private enum CodingKeys: CodingKey {
        case customersDiffering, sums, liveSums
    }

    let summary: SimulationSummaryResponse
    let customersDiffering: Int
    let sums: Sums
    @OrNull var liveSums: Sums?

    init(_ record: SimulationRecord) throws {
        summary = SimulationSummaryResponse(record)
        customersDiffering = record.customersDiffering
        sums = Sums(try record.decodedSums())
        liveSums = try record.decodedLiveSums().map(Sums.init)
    }

    /// The members of the summary, and its own beside them.
    func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(customersDiffering, forKey: .customersDiffering)
        try container.encode(sums, forKey: .sums)
        try container.encode(_liveSums, forKey: .liveSums)
    }
}

/// One thing that would happen.
struct SimulationEventResponse: Encodable, Sendable {
    /// What one case says in a message.
    struct Section: Codable, Sendable {
        let caseId: String
        let step: String
        let amount: String
        let currency: String
        let invoices: [String]
        let isFirst: Bool
    }

    let customerId: ID<Customer>
    let at: Instant
    let kind: String
    @OrNull var day: Day?
    @OrNull var caseId: ID<Enrolment>?
    @OrNull var step: String?
    @OrNull var reason: String?
    @OrNull var channel: String?
    @OrNull var stage: Int?
    @OrNull var task: String?
    let sections: [Section]

    init(_ event: SimulationEventRecord) throws {
        customerId = event.customer
        at = event.at
        kind = event.kind
        day = event.day
        caseId = event.enrolment
        step = event.step
        reason = event.reason?.rawValue
        channel = event.channel
        stage = event.stage
        task = event.task
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        sections = try event.sections.map { try decoder.decode([Section].self, from: Data($0.text.utf8)) } ?? []
    }
}
