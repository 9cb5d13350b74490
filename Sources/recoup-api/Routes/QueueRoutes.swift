import Dunning
import HTTPTypes
import Operations
import Postgres
import Store

extension Route {
    /// The queue, for whoever runs the platform.
    static let queue: [Route] = [
        .platform(.get, "/v1/queue", query: ["tenant_id"]) { call in
            let (read, now) = (ReadQueue(of: try call.query.id("tenant_id", Tenant.self)), call.now)
            return .ok(
                QueueResponse(try await call.world.dispatch.read(as: .none) { tx in try read.run(in: &tx, at: now) }))
        },
        .platform(.post, "/v1/tenants/{tenant_id}/queue/pause") { call in
            let tenant = try call.id(Tenant.self, "tenant", at: "tenant_id")
            let pause = try await call.body { fields in
                try PauseLanes(fields.lanes(), reason: fields.line("reason", upTo: 200))
            }
            return .ok(LanesResponse(lanes: try await call.write(in: tenant) { try pause.run(in: &$0, $1) }))
        },
        .platform(.post, "/v1/tenants/{tenant_id}/queue/resume") { call in
            let tenant = try call.id(Tenant.self, "tenant", at: "tenant_id")
            let resume = try await call.body { fields in ResumeLanes(fields.lanes()) }
            return .ok(LanesResponse(lanes: try await call.write(in: tenant) { try resume.run(in: &$0, $1) }))
        },
        .platform(.post, "/v1/tenants/{tenant_id}/queue/replay") { call in
            let tenant = try call.id(Tenant.self, "tenant", at: "tenant_id")
            let replay = try await call.body { fields in
                ReplayDead(fields.has("ids") ? fields.ids("ids", upTo: 1_000) : nil)
            }
            return .ok(ReplayResponse(replayed: try await call.write(in: tenant) { try replay.run(in: &$0, $1) }))
        },
    ]

    /// The outermost kill switch.
    static let killSwitch: [Route] = [
        .platform(.get, "/v1/kill_switch") { call in
            .ok(KillSwitchResponse(on: try await call.world.dispatch.read(as: .none) { try $0.isSystemSwitchedOff() }))
        },
        .platform(.put, "/v1/kill_switch") { call in
            let isOn = try await call.body { $0.bool("on") }
            try await call.world.dispatch.write(as: .none) { try $0.switchSystem(off: isOn) }
            return .ok(KillSwitchResponse(on: isOn))
        },
    ]

    /// A case's next message, ahead of its day.
    static let sending: [Route] = [
        .tenant(.post, "/v1/cases/{id}/send-now") { call in
            let send = SendNow(try call.id(Enrolment.self, "case"))
            return .accepted(HurriedResponse(stepId: try await call.write { try send.run(in: &$0, $1) }))
        }
    ]
}

extension Fields {
    /// One gateway's lane, the lanes of one kind, or all.
    fileprivate mutating func lanes() -> LaneChoice {
        let gateway = id(optional: "gateway_id", Gateway.self)
        let kind = choice(optional: "kind", of: LaneKind.self)
        if let gateway { return .gateway(gateway) }
        return kind.map { .kind($0.rawValue) } ?? .all
    }
}

private enum LaneKind: String, CaseIterable { case mail, sms, `internal`, bulk, upkeep }

private struct KillSwitchResponse: Encodable, Sendable { let on: Bool }

private struct LanesResponse: Encodable, Sendable { let lanes: Int }

private struct ReplayResponse: Encodable, Sendable { let replayed: [ID<DueJob>] }

private struct HurriedResponse: Encodable, Sendable { let stepId: ID<StepRun> }

/// Depth, oldest due, lanes, workers, dead letters and unknown outcomes.
private struct QueueResponse: Encodable, Sendable {
    struct Lane: Encodable, Sendable {
        let tenantId: ID<Tenant>
        let tenant: String
        @OrNull var gatewayId: ID<Gateway>?
        let kind: String
        let weight: Int
        let due: Int
        let claimed: Int
        let armed: Int
        let dead: Int
        @OrNull var oldestDueAt: Instant?
        @OrNull var pausedUntil: Instant?
        @OrNull var pausedReason: String?
        @OrNull var heldReason: String?
    }

    struct Worker: Encodable, Sendable {
        let id: ID<WorkerProcess>
        let host: String
        let startedAt: Instant
        let silentSeconds: Int
        let dead: Bool
        let leases: Int
    }

    struct DeadLetter: Encodable, Sendable {
        let id: ID<DueJob>
        let tenantId: ID<Tenant>
        let lane: String
        let kind: String
        let failures: Int
        @OrNull var error: String?
        @OrNull var failedAt: Instant?
    }

    struct Unknown: Encodable, Sendable {
        let tenantId: ID<Tenant>
        let messages: Int
        let oldestArmedAt: Instant
    }

    let at: Instant
    @OrNull var hold: String?
    let lanes: [Lane]
    let workers: [Worker]
    let deadLetters: [DeadLetter]
    let unknown: [Unknown]

    init(_ reading: ReadQueue.Reading) {
        at = reading.at
        hold = reading.hold
        lanes = reading.lanes.map {
            Lane(
                tenantId: $0.tenant, tenant: $0.tenantName, gatewayId: $0.gateway, kind: $0.kind, weight: $0.weight,
                due: $0.due, claimed: $0.claimed, armed: $0.armed, dead: $0.dead, oldestDueAt: $0.oldestDue,
                pausedUntil: $0.pausedUntil, pausedReason: $0.pausedReason, heldReason: $0.heldReason)
        }
        workers = reading.workers.map {
            Worker(
                id: $0.id, host: $0.host, startedAt: $0.startedAt, silentSeconds: $0.silentSeconds, dead: $0.isDead,
                leases: $0.leases)
        }
        deadLetters = reading.dead.map {
            DeadLetter(
                id: $0.id, tenantId: $0.tenant, lane: $0.laneKind, kind: $0.kind, failures: $0.failures,
                error: $0.error, failedAt: $0.failedAt)
        }
        unknown = reading.unknown.map {
            Unknown(tenantId: $0.tenant, messages: $0.messages, oldestArmedAt: $0.oldest)
        }
    }
}
