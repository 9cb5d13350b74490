import Dunning
import Foundation
import Gateways
import Operations
import Queue

/// The wire of a lane's gateway, of either channel. It runs with no transaction open.
struct LaneWire: Sendable {
    let tenant: UUID
    /// The id under which the lane claimed.
    let worker: UUID
    let seats: LaneSeats
    let world: WorkerWorld

    func send(_ flight: Flight) async -> WireOutcome {
        let armed = flight.armed
        if armed.channel == .sms { return await sendText(flight) }
        guard let gateway = armed.gateway(of: tenant, secrets: world.secrets, sessions: flight.sessions) else {
            return Self.sealed
        }
        let mail = OutgoingMail(envelopeFrom: armed.envelopeFrom, recipient: armed.recipient, bytes: armed.bytes)
        return await world.sessions.send(mail, through: gateway, mayBegin: fence(of: flight))
    }

    private func sendText(_ flight: Flight) async -> WireOutcome {
        let secrets = world.secrets
        guard let gateway = flight.armed.textGateway(of: tenant, secrets: secrets, sessions: flight.sessions) else {
            return Self.sealed
        }
        let text = flight.armed.text(of: tenant, secrets: secrets, base: world.publicURL)
        return await world.texts.send(text, through: gateway, mayBegin: fence(of: flight))
    }

    /// Asked on the wire's own thread, at the last moment. Not heard for five seconds, we have no session: another worker uses
    /// them, and what has not begun goes back to the gate.
    private func fence(of flight: Flight) -> @Sendable () -> Bool {
        { [world, worker, seats] in
            let isAlive = world.heartbeat.mayStartWire && world.heartbeat.worker == worker
            return flight.mayBegin(isAlive: isAlive && seats.count > 0)
        }
    }

    private static let sealed = WireOutcome.refused(
        Refusal(kind: .gateway, text: "the gateway's password does not open with this key"))
}
