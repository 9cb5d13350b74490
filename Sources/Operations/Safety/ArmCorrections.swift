import Dunning
import Foundation
import Gateways
import Postgres
import Queue
import Store

/// Arms apologies for wrong reminders: due rows of a gateway's lane that are no steps. They go once per message, ask for
/// nothing, and count as no contact.
struct ArmCorrections {
    let worker: UUID

    /// How old a wrong reminder may be to be apologised for.
    static let days = 30

    /// Looks for wrong reminders that money of late has shown, and queues an apology for each.
    static func queue(in tx: inout Transaction, _ context: Context) throws {
        let today = Day(number: Int32(context.now.microseconds / 86_400_000_000))
        let wrong = try tx.wrongMails(
            entriesSince: context.now.adding(days: -2), since: today.adding(-days), limit: 500)
        let notes = wrong.map { (message: $0.message, note: ID<Message>.make(at: context.now)) }
        let new = try tx.insertCorrections(notes, at: context.now)
        try tx.enqueue(
            zip(notes, wrong).filter { new.contains($0.0.note) }.map {
                NewDue(kind: .note, ref: $0.0.note.uuid, lane: $0.1.gateway.uuid, runAt: context.now)
            })
    }

    /// Those of the leases that stand for apologies: armed, or put off, or dropped. Which they were comes back as well.
    func run(
        _ leases: [Lease], in tx: inout Transaction, _ context: Context
    ) throws -> (armed: [ArmedMessage], due: Set<UUID>) {
        let loaded = try tx.loadCorrections(leases.map { ID($0.due) }, now: context.now)
        let corrections = Dictionary(uniqueKeysWithValues: loaded.map { ($0.note, $0) })
        guard !corrections.isEmpty else { return ([], []) }
        var (going, dropped, later): ([(Lease, LoadedCorrection)], [Lease], [(Lease, Instant)]) = ([], [], [])
        for lease in leases {
            guard let correction = corrections[ID(lease.due)] else { continue }
            switch Gate.verdict(for: correction.facts, now: context.now) {
            case .skip: dropped.append(lease)
            case .wait(let until, _): later.append((lease, until))
            case .send: going.append((lease, correction))
            }
        }
        _ = try tx.finish(dropped, worker: worker)
        _ = try tx.release(later, worker: worker)
        return (try arm(going, in: &tx, context), Set(corrections.keys.map(\.uuid)))
    }

    private func arm(
        _ going: [(Lease, LoadedCorrection)], in tx: inout Transaction, _ context: Context
    ) throws -> [ArmedMessage] {
        let gateways = try tx.gatewayAccess(Array(Set(going.compactMap(\.1.facts.brand.gateway))))
        let mine = try tx.arm(going.map(\.0), worker: worker)
        var armed: [ArmedMessage] = [], messages: [NewMessage] = []
        for (lease, correction) in going where mine.contains(lease.due) {
            guard let gateway = correction.facts.brand.gateway.flatMap({ gateways[$0] }) else { continue }
            let attempt = ID<Attempt>.make(at: context.now)
            let rendered = try Self.render(correction)
            let bytes = try Self.bytes(correction, rendered, attempt: attempt, now: context.now)
            let contact = correction.facts.contact
            messages.append(
                NewMessage(
                    id: correction.note, customer: correction.customer.id, brand: correction.sender.brand,
                    contact: contact.id, gateway: gateway.id, channel: .email, address: contact.email ?? "",
                    addressKey: contact.key ?? "", keys: [], stage: 0, tier: .reminder, rendered: rendered,
                    bytes: bytes, day: correction.facts.zone.day(of: context.now), lines: []))
            armed.append(
                ArmedMessage(
                    lease: lease, message: correction.note, attempt: attempt, channel: .email, access: gateway,
                    envelopeFrom: correction.sender.fromAddress, recipient: contact.email ?? "", bytes: bytes))
        }
        let counts = Dictionary(uniqueKeysWithValues: going.map { ($0.1.note, $0.1.attempts + 1) })
        try tx.insertMessages(
            messages.map { message in (message: message, isRetry: (counts[message.id] ?? 1) > 1) }, at: context.now)
        try tx.markCorrections(messages.map(\.id))
        try tx.insertAttempts(
            armed.map { ($0.attempt, $0.message, counts[$0.message] ?? 1, $0.lease.number) }, worker: worker,
            at: context.now)
        try tx.audit(
            context,
            messages.map {
                AuditEntry(action: "message.corrected", subject: $0.id.uuid, customer: $0.customer, detail: [:])
            })
        return armed
    }

    private static func render(_ correction: LoadedCorrection) throws -> RenderedMessage {
        let identity = correction.sender.identity
        let (source, locale) = CorrectionNote.choice(customer: correction.customer.locale, brand: identity.locale)
        // Nothing is asked for: the amounts of a line are never shown.
        let none = Money(minor: 0, currency: Currency("EUR")!)
        let facts = MessageFacts(
            locale: locale, customerName: correction.customer.name, isConsumer: correction.customer.kind == .consumer,
            contactName: correction.facts.contact.name, brand: identity, today: correction.day, stage: 0,
            sections: [
                MessageFacts.Section(
                    lines: correction.numbers.map {
                        MessageFacts.Line(number: $0, dueDate: correction.day, total: none, open: none)
                    }, total: none)
            ])
        return try Renderer.render(
            try MessageTemplate(source), brand: try BrandTexts(identity), given: RenderModel(facts))
    }

    private static func bytes(
        _ correction: LoadedCorrection, _ rendered: RenderedMessage, attempt: ID<Attempt>, now: Instant
    ) throws -> [UInt8] {
        let sender = correction.sender
        let from = try MailAddress(sender.fromAddress)
        return try MIMEMessage(
            date: now.microseconds, from: Mailbox(name: sender.fromName, address: from),
            to: Mailbox(
                name: correction.facts.contact.name, address: try MailAddress(correction.facts.contact.email ?? "")),
            replyTo: try sender.replyTo.map { Mailbox(name: nil, address: try MailAddress($0)) },
            subject: rendered.subject, language: rendered.locale.text, messageID: "\(correction.note)@\(from.domain)",
            references: ["\(correction.message)@\(from.domain)"], attempt: attempt.description, text: rendered.text,
            html: rendered.html, boundarySeed: Array(attempt.uuid.uuidString.utf8)
        ).bytes
    }
}
