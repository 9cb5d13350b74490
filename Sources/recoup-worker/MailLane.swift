import Dunning
import Foundation
import Gateways
import Host
import Logging
import Operations
import Postgres
import Queue
import Synchronization

/// Works one lane, tenant x gateway, until nothing is due: claims ahead in batches, arms as much as its sessions can take,
/// sends, and records. The wire runs with no transaction open.
final class MailLane: Sendable {
    private static let claimBatch = 100

    private let tenant: UUID
    private let lane: UUID
    private let world: WorkerWorld
    /// The id under which this lane claims; a worker declared dead gets another, and this lane ends.
    private let worker: UUID
    private let flights = Mutex<[UUID: Flight]>([:])
    private let sessions = Atomic<Int>(2)
    private let inbox = Inbox<DeliveryReport>()
    /// A message landed, or a tenth of a second went by: time to look again.
    private let woken = Inbox<Void>()
    private let isDone = Atomic<Bool>(false)

    init(tenant: UUID, lane: UUID, world: WorkerWorld) {
        self.tenant = tenant
        self.lane = lane
        self.world = world
        worker = world.heartbeat.worker
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.record() }
            group.addTask { await self.tick() }
            await self.arm(in: &group)
            self.isDone.store(true, ordering: .relaxed)
            await self.inbox.close()
        }
    }

    private var inFlight: Int { flights.withLock { $0.count } }
    private var isOver: Bool { world.isDraining || world.heartbeat.worker != worker || Task.isCancelled }

    /// One slow relay must not keep new work or a stop waiting.
    private func tick() async {
        while !isDone.load(ordering: .relaxed) {
            try? await Task.sleep(for: .milliseconds(100))
            await woken.put(())
        }
    }

    private func arm(in group: inout DiscardingTaskGroup) async {
        var claims: [Claim] = []
        while !isOver {
            if claims.count < Self.claimBatch / 2 { claims += await claim() }
            if claims.isEmpty {
                if inFlight == 0 { return }
                _ = await woken.next(.max)
                continue
            }
            let room = 2 * sessions.load(ordering: .relaxed) - inFlight
            guard room > 0 else {
                _ = await woken.next(.max)
                continue
            }
            let batch = Array(claims.prefix(room))
            claims.removeFirst(batch.count)
            for armed in await arm(batch, returningTo: &claims) { launch(armed, in: &group) }
        }
        await giveBack(claims)
        while inFlight > 0 { _ = await woken.next(.max) }
    }

    private func claim() async -> [Claim] {
        do {
            return try await world.queue.claim(
                tenant: tenant, lane: lane, worker: worker, now: world.timestamp, limit: Self.claimBatch)
        } catch {
            note(error, "claim failed")
            return await adopt([])
        }
    }

    private func arm(_ batch: [Claim], returningTo claims: inout [Claim]) async -> [ArmedMessage] {
        let operation = ArmBatch(worker: worker, templates: world.templates, gate: world.gate, pause: world.pause)
        let leases = batch.map(\.lease)
        let context = world.context(tenant)
        do {
            let result = try await world.work.write(as: .tenant(tenant)) { tx in
                try operation.run(leases, in: &tx, context)
            }
            world.counters.steps.add(Double(result.armed.count), "send")
            world.counters.steps.add(Double(result.skipped), "skip")
            world.counters.steps.add(Double(result.waiting + result.returned), "wait")
            return result.armed
        } catch let error as PostgresError where error.kind != .server && error.kind != .decoding {
            // The connection, not the content: what is ours is what the database says.
            note(error, "arming failed")
            claims += await adopt(batch)
            return []
        } catch {
            note(error, "arming failed")
            if batch.count > 1 {
                // One bad item never sinks its neighbours.
                var armed: [ArmedMessage] = []
                for claim in batch { armed += await arm([claim], returningTo: &claims) }
                return armed
            }
            await giveBack(batch, after: 300)
            return []
        }
    }

    private func launch(_ armed: ArmedMessage, in group: inout DiscardingTaskGroup) {
        sessions.store(armed.sessions, ordering: .relaxed)
        let flight = Flight(armed, at: .now)
        flights.withLock { $0[armed.lease.due] = flight }
        group.addTask { [self] in
            let wire = await send(flight)
            let report = Outcome.report(wire, of: armed)
            world.counters.messages.add(1, report.name)
            await inbox.put(report)
        }
    }

    private func send(_ flight: Flight) async -> WireOutcome {
        let armed = flight.armed
        if armed.channel == .sms { return await sendText(flight) }
        guard let gateway = armed.gateway(of: tenant, secrets: world.secrets) else { return Self.sealed }
        let mail = OutgoingMail(envelopeFrom: armed.envelopeFrom, recipient: armed.recipient, bytes: armed.bytes)
        return await world.sessions.send(mail, through: gateway, mayBegin: fence(of: flight))
    }

    private func sendText(_ flight: Flight) async -> WireOutcome {
        guard let gateway = flight.armed.textGateway(of: tenant, secrets: world.secrets) else { return Self.sealed }
        let text = flight.armed.text(of: tenant, secrets: world.secrets, base: world.publicURL)
        return await world.texts.send(text, through: gateway, mayBegin: fence(of: flight))
    }

    /// Asked on the wire's own thread, at the last moment.
    private func fence(of flight: Flight) -> @Sendable () -> Bool {
        { [world, worker] in
            flight.mayBegin(isAlive: world.heartbeat.mayStartWire && world.heartbeat.worker == worker)
        }
    }

    private static let sealed = WireOutcome.refused(
        Refusal(kind: .gateway, text: "the gateway's password does not open with this key"))

    /// Records what landed, in batches, and does not give up while the process lives: the outcome is known only here.
    private func record() async {
        while let reports = await inbox.next(200) {
            let operation = RecordOutcomes(worker: worker)
            var pause = Duration.milliseconds(50)
            var tries = 0
            while tries < world.recordTries {
                do {
                    let context = world.context(tenant)
                    _ = try await world.work.write(as: .tenant(tenant)) { [lane] tx in
                        var generator = SystemRandomNumberGenerator()
                        return try operation.run(reports, lane: lane, in: &tx, context, using: &generator)
                    }
                    break
                } catch {
                    note(error, "recording failed")
                    tries += 1
                    try? await Task.sleep(for: pause)
                    pause = min(pause * 2, .seconds(1))
                }
            }
            flights.withLock { flights in
                for report in reports { flights[report.lease.due] = nil }
            }
            await woken.put(())
        }
    }

    /// After a lost reply: what does the database say we hold? Unarmed stays ours to arm; armed and never begun goes back to
    /// the gate; what flies is left to its outcome (architecture 4.9).
    private func adopt(_ batch: [Claim]) async -> [Claim] {
        while !Task.isCancelled {
            do {
                let held = try await world.queue.held(tenant: tenant, lane: lane, worker: worker)
                let flying = flights.withLock { Set($0.keys) }
                let known = Dictionary(batch.map { ($0.lease, $0) }) { first, _ in first }
                var mine: [Claim] = []
                var strangers: [Lease] = []
                for (lease, isArmed) in held where !flying.contains(lease.due) {
                    if isArmed {
                        await inbox.put(DeliveryReport(lease: lease, attempt: nil, result: .notBegun))
                    } else if let claim = known[lease] {
                        mine.append(claim)
                    } else {
                        strangers.append(lease)
                    }
                }
                try await world.queue.release(strangers, tenant: tenant, worker: worker, runAt: world.timestamp)
                return mine
            } catch {
                note(error, "adoption failed")
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
        return []
    }

    private func giveBack(_ claims: [Claim], after seconds: Int = 0) async {
        do {
            let runAt = world.now.adding(seconds: seconds)
            try await world.queue.release(
                claims.map(\.lease), tenant: tenant, worker: worker, runAt: Timestamp(microseconds: runAt.microseconds))
        } catch {
            // The rescue finds them when this worker is silent.
            note(error, "claims could not be given back")
        }
    }

    private func note(_ error: any Error, _ what: Logger.Message) {
        world.counters.databaseErrors.add(1, (error as? PostgresError)?.label ?? "other")
        world.logger.warning(what, metadata: ["tenant": "\(tenant)", "lane": "\(lane)", "error": "\(error)"])
    }
}
