package import Dunning
package import Foundation
package import Gateways
package import Postgres
package import Queue
import Store

/// Transaction A: locks the cases of claimed steps, reads the facts, asks the gate, writes the message, and commits "may now
/// be on the wire" (architecture 4.8, 4.10). One lane, one message per customer and brand.
package struct ArmBatch: Sendable {
    package typealias Gatekeeper = @Sendable (PlannedStep, CaseFacts, Instant) -> Gated

    /// Moments at which a test may hold the transaction.
    package enum Moment: Sendable { case beforeLock, afterLock, beforeCommit }

    package let worker: UUID
    package let templates: TemplateCache
    package let gate: Gatekeeper
    package let pause: @Sendable (Moment) -> Void
    /// Asked before the commit whether so many more messages may be armed; throws where they may not.
    package let board: @Sendable (Int) throws -> Void

    package init(
        worker: UUID, templates: TemplateCache,
        gate: @escaping Gatekeeper = { Gate.verdict(for: $0, given: $1, now: $2) },
        pause: @escaping @Sendable (Moment) -> Void = { _ in },
        board: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) {
        self.worker = worker
        self.templates = templates
        self.gate = gate
        self.pause = pause
        self.board = board
    }

    /// What came of the batch: messages to send now; everything else was skipped, moved or given back.
    package struct Result: Sendable {
        package var armed: [ArmedMessage] = []
        package var skipped = 0
        package var waiting = 0
        package var returned = 0
        /// Armed before, by a commit of which the worker did not hear: nothing of these has left.
        package var strays: [Lease] = []
    }

    package func run(
        _ leases: [Lease], in tx: inout Transaction, _ context: Context
    ) throws -> Result {
        pause(.beforeLock)
        let claimed = try tx.claimedSteps(leases.map { ID<StepRun>($0.due) })
        let others = leases.filter { claimed[ID<StepRun>($0.due)] == nil }
        let (corrections, corrected) = try ArmCorrections(worker: worker).run(others, in: &tx, context)
        let customers = Array(Set(claimed.values.map(\.customer)))
        let free = try tx.lockFreeCases(customers: customers)
        pause(.afterLock)
        // A statement of its own after the locks: it sees every payment that was committed before them.
        let cases = try tx.loadCases(customers: Array(free), now: context.now)
        var batch = ArmingBatch(worker: worker, gate: gate, now: context.now, cases: cases)
        for lease in leases {
            let step = ID<StepRun>(lease.due)
            guard let claim = claimed[step], claim.isPlanned else {
                // No step: an apology, or gone.
                if !corrected.contains(lease.due) { batch.drop(lease) }
                continue
            }
            guard free.contains(claim.customer) else {
                batch.giveBack(lease, at: context.now.adding(seconds: 1))
                continue
            }
            batch.judge(step, under: lease)
        }
        var result = try batch.write(in: &tx, templates: templates, context)
        result.armed += corrections
        // Written before it waits for its room.
        try tx.flush()
        pause(.beforeCommit)
        try board(result.armed.count)
        return result
    }
}

/// A message that may be sent, and the lease under which its outcome must be reported.
package struct ArmedMessage: Sendable {
    package let lease: Lease
    package let message: ID<Message>
    package let attempt: ID<Attempt>
    package let channel: Channel
    let access: GatewayAccess
    package let envelopeFrom: String
    package let recipient: String
    /// A mail as it goes onto the wire, or the words of a text message.
    package let bytes: [UInt8]

    /// How to reach the gateway, with its password opened; nil when it does not open with this key.
    ///
    /// - Parameter sessions: how many of the gateway's this worker may use.
    package func gateway(of tenant: UUID, secrets: SecretBox, sessions: Int) -> MailGateway? {
        guard let password = password(of: tenant, secrets: secrets) else { return nil }
        return MailGateway(
            id: access.id.uuid, version: access.version, host: access.host, port: access.port,
            tls: MailGateway.TLS(rawValue: access.tls) ?? .starttls, username: access.username,
            password: password.secret,
            ehloName: access.ehloName, sessions: min(sessions, access.sessions))
    }

    /// The same for a text gateway; nil also when its recipe cannot be read any more.
    package func textGateway(of tenant: UUID, secrets: SecretBox, sessions: Int) -> TextGateway? {
        guard let password = password(of: tenant, secrets: secrets), let json = access.recipe,
            let recipe = try? SMSRecipe(json: json)
        else { return nil }
        return TextGateway(
            id: access.id.uuid, isSecure: access.tls != "none", host: access.host, port: access.port,
            username: access.username, password: password.secret, sender: access.sender ?? "",
            sessions: min(sessions, access.sessions), recipe: recipe)
    }

    /// What goes to a text gateway, receipts coming back to `base`.
    package func text(of tenant: UUID, secrets: SecretBox, base: String) -> OutgoingText {
        let token = HookToken(tenant: ID(tenant), gateway: access.id, secrets: secrets)
        return OutgoingText(
            to: recipient, text: String(decoding: bytes, as: UTF8.self), ref: attempt.description,
            callbackURL: token.url(.receipt, base: base) + "?\(SMSRecipe.refParameter)=\(attempt)")
    }

    /// `nil` when there is one that does not open with this key.
    private func password(of tenant: UUID, secrets: SecretBox) -> (secret: Gateways.Secret?, Void)? {
        guard let sealed = access.sealedPassword else { return (nil, ()) }
        do throws(SecretBox.Unopenable) {
            return (Secret(try secrets.open(sealed, for: .gatewayPassword(access.id, of: ID(tenant)))), ())
        } catch {
            return nil
        }
    }
}
