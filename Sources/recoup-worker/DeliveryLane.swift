import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue
import Synchronization

/// Works one lane, tenant x gateway of either channel, until nothing is due: claims ahead in batches, arms as much as its
/// sessions can take, sends (``LaneWire``), and has the outcomes recorded (``LaneOutcomes``).
final class DeliveryLane: Sendable {
    private let tenant: UUID
    private let lane: UUID
    private let found: ReadyLane
    private let signal: LaneSignal
    private let world: WorkerWorld
    /// The id under which this lane claims; a worker declared dead gets another, and this lane ends.
    private let worker: UUID
    private let flights = Flights()
    private let seats: LaneSeats
    private let leases: LaneLeases
    private let wire: LaneWire
    private let hasClaimed = Atomic<Bool>(false)
    private let inbox = Inbox<DeliveryReport>()
    /// A message landed, or a tenth of a second went by: time to look again.
    private let woken = Inbox<Void>()
    private let isDone = Atomic<Bool>(false)
    private let secondLook = Mutex<ContinuousClock.Instant?>(nil)

    init(_ found: ReadyLane, world: WorkerWorld, signal: LaneSignal) {
        tenant = found.tenant
        lane = found.lane
        self.found = found
        self.signal = signal
        self.world = world
        worker = world.heartbeat.worker
        leases = LaneLeases(tenant: tenant, lane: lane, world: world)
        seats = LaneSeats(tenant: tenant, lane: lane, worker: worker, world: world)
        wire = LaneWire(tenant: tenant, worker: worker, seats: seats, world: world)
    }

    /// Whether there was anything to have.
    func run() async -> Bool {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await LaneOutcomes(
                    tenant: self.tenant, lane: self.lane, worker: self.worker, world: self.world, flights: self.flights,
                    inbox: self.inbox
                ).record { await self.woken.put(()) }
            }
            group.addTask { await self.tick() }
            await self.arm(in: &group)
            self.isDone.store(true, ordering: .relaxed)
            await self.inbox.close()
        }
        return hasClaimed.load(ordering: .relaxed)
    }

    private var isOver: Bool { world.isDraining || world.heartbeat.worker != worker || Task.isCancelled }

    /// One slow relay must not keep new work or a stop waiting.
    private func tick() async {
        var ticks = 0
        while !isDone.load(ordering: .relaxed) {
            try? await Task.sleep(for: .milliseconds(100))
            ticks += 1
            if ticks % (seats.count > 0 ? 20 : 5) == 0 {
                await seats.keep(flying: flights.sessionsInUse, held: flights.count)
            }
            await woken.put(())
        }
    }

    private func arm(in group: inout DiscardingTaskGroup) async {
        var claims: [Claim] = []
        var nextClaim = ContinuousClock.now
        while !isOver {
            if let due = secondLook.withLock({ $0 }), ContinuousClock.now >= due {
                claims = await adopt(claims, isSecond: true)
            }
            if signal.takeHurry() || (claims.count < world.claims.batch / 2 && !isLeaving && .now >= nextClaim) {
                let before = claims.count
                claims = await claim(claims)
                // A slow relay's lane does not ask at each landing for what is not there.
                if claims.count <= before { nextClaim = .now + .milliseconds(200) }
            }
            if claims.isEmpty {
                if flights.count == 0, secondLook.withLock({ $0 }) == nil { return }
                _ = await woken.next(.max)
                continue
            }
            let room = 2 * seats.count - flights.count
            guard room >= enough(of: claims.count) else {
                _ = await woken.next(.max)
                continue
            }
            let granted = await world.turns.enter(tenant, weight: found.weight, wanting: min(room, claims.count))
            guard granted > 0, !isOver else {
                world.turns.leave(granted: granted, armed: 0)
                break
            }
            let batch = Array(claims.prefix(granted))
            claims.removeFirst(batch.count)
            seats.wait(for: claims.count)
            let armed = await arm(batch, returningTo: &claims)
            world.turns.leave(granted: granted, armed: armed.count)
            for flight in armed { launch(flight, in: &group) }
        }
        await giveBack(claims)
        seats.wait(for: 0)
        while flights.count > 0 { _ = await woken.next(.max) }
        await seats.leave()
    }

    /// For how many there must be room: one transaction for ten costs little more than for one. Meanwhile every session has a
    /// message, and some wait for theirs.
    private func enough(of claimed: Int) -> Int { max(1, min(claimed, seats.count * 3 / 4)) }

    /// Other lanes wait: this one ends with what it has.
    private var isLeaving: Bool { signal.isCrowded && hasClaimed.load(ordering: .relaxed) }

    /// What is claimed so far and what more there is, urgent ones first.
    private func claim(_ claims: [Claim]) async -> [Claim] {
        let isFirst = !hasClaimed.load(ordering: .relaxed)
        var turn = isFirst ? Turn(of: found) : Turn(isFull: false)
        turn.flying = flights.sessionsInUse
        turn.held = flights.count + claims.count
        let sent = ContinuousClock.now
        do {
            let more = try await world.queue.claim(
                tenant: tenant, lane: lane, worker: worker, now: world.timestamp, limit: world.claims.batch,
                turn: turn)
            seats.take(more.first?.sessions, at: sent)
            if !more.isEmpty { hasClaimed.store(true, ordering: .relaxed) }
            // A row that is claimed again was lost before: it is named by its new lease alone.
            let again = Set(more.map(\.lease.due))
            let kept = claims.filter { !again.contains($0.lease.due) }
            seats.wait(for: kept.count + more.count)
            return more.filter(\.isUrgent) + kept + more.filter { !$0.isUrgent }
        } catch {
            leases.note(error, "claim failed")
            return await adopt(claims)
        }
    }

    /// What may go now, noted as in flight from its commit on: whatever fails beside it must not take it for forgotten.
    private func arm(_ batch: [Claim], returningTo claims: inout [Claim]) async -> [Flight] {
        let pass = BoardingPass(world.turns)
        let operation = ArmBatch(
            worker: worker, templates: world.templates, gate: world.gate, pause: world.pause,
            board: { try pass.board($0) })
        let held = batch.map(\.lease)
        let context = world.context(tenant)
        do {
            let result = try await world.work.write(as: .tenant(tenant)) { tx in
                // It may be run again.
                pass.giveBack()
                return try operation.run(held, in: &tx, context)
            }
            world.counters.steps.add(Double(result.armed.count), "send")
            world.counters.steps.add(Double(result.skipped), "skip")
            world.counters.steps.add(Double(result.waiting + result.returned), "wait")
            for lease in result.strays { await inbox.put(.notBegun(lease)) }
            let now = ContinuousClock.now
            let fresh = result.armed.map { Flight($0, sessions: max(1, seats.count), at: now) }
            flights.add(fresh)
            return fresh
        } catch is Turnstile.NoRoom {
            // Nothing was written: they wait for another turn.
            claims = batch + claims
            return []
        } catch let error as PostgresError where error.kind != .server && error.kind != .decoding {
            // The connection, not the content: what is ours is what the database says.
            pass.giveBack()
            leases.note(error, "arming failed")
            claims = await adopt(claims + batch)
            return []
        } catch {
            pass.giveBack()
            leases.note(error, "arming failed")
            if batch.count > 1 {
                // One bad item never sinks its neighbours.
                var armed: [Flight] = []
                for claim in batch { armed += await arm([claim], returningTo: &claims) }
                return armed
            }
            guard let claim = batch.first else { return [] }
            do { try await leases.putOff(claim, after: error) } catch {
                leases.note(error, "claims could not be put off")
                claims = await adopt(claims + batch)
            }
            return []
        }
    }

    private func launch(_ flight: Flight, in group: inout DiscardingTaskGroup) {
        group.addTask { [wire, world, inbox] in
            let report = Outcome.report(await wire.send(flight), of: flight.armed)
            world.counters.messages.add(1, report.name)
            await inbox.put(report)
        }
    }

    /// After a lost reply: what does the database say we hold? Unarmed stays ours to arm; armed and never begun goes back to
    /// the gate; what flies is left to its outcome (architecture 4.9).
    ///
    /// A commit that was under way when its connection broke may come after the look: there is a second one.
    private func adopt(_ batch: [Claim], isSecond: Bool = false) async -> [Claim] {
        secondLook.withLock { $0 = isSecond ? nil : .now + LaneLeases.secondLook }
        while !Task.isCancelled {
            do {
                let held = try await world.queue.held(tenant: tenant, lane: lane, worker: worker)
                let flying = flights.leases
                let known = Dictionary(batch.map { ($0.lease, $0) }) { first, _ in first }
                var mine: [Claim] = []
                var strangers: [Lease] = []
                for (lease, isArmed) in held where !flying.contains(lease) {
                    if isArmed {
                        await inbox.put(.notBegun(lease))
                    } else if let claim = known[lease] {
                        mine.append(claim)
                    } else {
                        strangers.append(lease)
                    }
                }
                try await world.queue.release(strangers, tenant: tenant, worker: worker, runAt: world.timestamp)
                return mine
            } catch {
                leases.note(error, "adoption failed")
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
        return []
    }

    private func giveBack(_ claims: [Claim]) async {
        do { try await leases.giveBack(claims) } catch { leases.note(error, "claims could not be given back") }
    }
}

extension DeliveryReport {
    /// Armed, and nothing of it has left: back to the gate.
    fileprivate static func notBegun(_ lease: Lease) -> DeliveryReport {
        DeliveryReport(lease: lease, attempt: nil, result: .notBegun)
    }
}
