import Dunning
import Foundation
import Gateways
import Queue
import Store

/// One message about to be written: the claimed case, and those that come along.
struct Draft {
    struct Section {
        let loaded: LoadedCase
        let open: OpenStep
        let invoices: [OpenInvoice]
    }

    let lease: Lease
    let way: Way
    /// The claimed case first.
    let sections: [Section]
    let now: Instant

    var primary: Section { sections[0] }

    /// The highest stage decides subject and tone (architecture 5.2).
    var leading: Section {
        sections.max { left, right in left.open.step.stage < right.open.step.stage } ?? primary
    }

    /// The leading step's template, in the customer's language.
    var wish: TemplateCache.Wish? {
        leading.loaded.facts.workflow.step(leading.open.step.key)?.template.map {
            TemplateCache.Wish(
                template: $0, channel: way.channel, customer: primary.loaded.customer.locale,
                brand: primary.loaded.sender.identity.locale)
        }
    }
}

/// Why a message cannot be written though it may be sent.
struct LetterFault: Error {
    let detail: String

    var check: Gated.Check { Gated.Check(check: "message", passed: false, detail: detail) }
}

/// A written message: texts, bytes, and the tokens under which it travels.
struct Letter {
    let draft: Draft
    let message: NewMessage
    let attempt: ID<Attempt>
    let armed: ArmedMessage

    /// Whether its message was armed before.
    var isRetry: Bool { draft.primary.open.message != nil }

    init(
        _ draft: Draft, text: TemplateCache.Choice?, gateways: [ID<Gateway>: GatewayAccess], now: Instant
    ) throws(LetterFault) {
        let leading = draft.leading, loaded = draft.primary.loaded
        guard let text else {
            throw LetterFault(detail: "the step's template is missing or cannot be read")
        }
        let way = draft.way
        guard let gateway = loaded.facts.brand.gateway(for: way.channel).flatMap({ gateways[$0] }) else {
            throw
                LetterFault(detail: "the brand's gateway is missing")
        }
        self.draft = draft
        // A retry keeps its Message-ID; the attempt token is new each time (delivery: rule 8).
        let messageID = draft.primary.open.message ?? ID<Message>.make(at: now)
        attempt = ID<Attempt>.make(at: now)
        let rendered = try Self.render(draft, text: text, now: now)
        let bytes =
            way.channel == .sms
            ? try Self.words(rendered, gateway)
            : try Self.bytes(
                draft, rendered: rendered, message: messageID, attempt: attempt, address: way.address, now: now)
        let zone = way.contact.zone ?? loaded.facts.customerZone ?? loaded.facts.brand.zone
        let today = loaded.facts.brand.zone.day(of: now)
        let tier = leading.loaded.facts.workflow.step(leading.open.step.key)?.tier ?? .reminder
        message = NewMessage(
            id: messageID, customer: loaded.facts.state.customer, brand: loaded.facts.state.brand,
            contact: way.contact.id, gateway: gateway.id, channel: way.channel, address: way.address,
            addressKey: way.key, keys: way.contact.keys, stage: leading.open.step.stage, tier: tier, rendered: rendered,
            bytes: bytes, day: zone.day(of: now),
            lines: draft.sections.flatMap { Self.lines(of: $0, today) })
        armed = ArmedMessage(
            lease: draft.lease, message: messageID, attempt: attempt, channel: way.channel, access: gateway,
            envelopeFrom: loaded.sender.fromAddress, recipient: way.address, bytes: bytes)
    }

    /// One line for each invoice: its instalments add up, and the oldest says how late it is.
    private static func lines(of section: Draft.Section, _ today: Day) -> [NewMessage.Line] {
        let byInvoice = Dictionary(grouping: section.invoices, by: \.id)
        var seen: Set<ID<Invoice>> = []
        return section.invoices.filter { seen.insert($0.id).inserted }.map { invoice in
            let parts = byInvoice[invoice.id] ?? [invoice]
            return NewMessage.Line(
                invoice: invoice.id, currency: invoice.currency, enrolment: section.loaded.id,
                open: parts.reduce(0) { $0 + $1.collectable },
                daysOverdue: parts.map { $0.daysOverdue(on: today) }.max() ?? 0)
        }
    }

    /// The words, whichever way they take.
    static func render(
        _ draft: Draft, text: TemplateCache.Choice, now: Instant
    ) throws(LetterFault) -> RenderedMessage {
        let loaded = draft.primary.loaded
        let sections = draft.sections.sorted {
            $0.loaded.facts.state.currency.code < $1.loaded.facts.state.currency.code
        }
        let facts = MessageFacts(
            locale: text.locale, customerName: loaded.customer.name, isConsumer: loaded.customer.kind == .consumer,
            customerExternalID: loaded.customer.externalID,
            contactName: draft.way.contact.name, brand: loaded.sender.identity,
            today: loaded.facts.brand.zone.day(of: now), stage: draft.leading.open.step.stage,
            sections: sections.compactMap { section in
                MessageFacts.Section(
                    summing: section.invoices.compactMap { invoice in
                        invoice.dueDate.map {
                            MessageFacts.Line(
                                number: invoice.number, issueDate: invoice.issueDate, dueDate: $0,
                                total: Money(minor: invoice.total, currency: invoice.currency),
                                open: Money(minor: invoice.collectable, currency: invoice.currency))
                        }
                    },
                    credit: section.loaded.facts.credit > 0
                        ? Money(minor: section.loaded.facts.credit, currency: section.loaded.facts.state.currency) : nil
                )
            })
        if draft.way.channel == .sms {
            guard let template = text.template.sms else {
                throw LetterFault(detail: "the template has no text message")
            }
            do throws(RenderError) {
                return try Renderer.text(template, given: RenderModel(facts))
            } catch {
                throw LetterFault(detail: error.label)
            }
        }
        let brand: BrandTexts
        do throws(TemplateError) { brand = try BrandTexts(loaded.sender.identity) } catch {
            throw LetterFault(detail: "the brand's header or footer cannot be read")
        }
        do throws(RenderError) {
            return try Renderer.render(text.template, brand: brand, given: RenderModel(facts))
        } catch {
            throw LetterFault(detail: error.label)
        }
    }

    /// A text message is its words, as long as the gateway lets it be.
    private static func words(_ rendered: RenderedMessage, _ gateway: GatewayAccess) throws(LetterFault) -> [UInt8] {
        let (parts, most) = (TextSegments(rendered.text).count, gateway.maxParts ?? TextLint.usualParts)
        guard parts <= most else {
            throw LetterFault(detail: "the text takes \(parts) parts, and the gateway sends at most \(most)")
        }
        return Array(rendered.text.utf8)
    }

    private static func bytes(
        _ draft: Draft, rendered: RenderedMessage, message: ID<Message>, attempt: ID<Attempt>, address: String,
        now: Instant
    ) throws(LetterFault) -> [UInt8] {
        let sender = draft.primary.loaded.sender
        do {
            let from = try MailAddress(sender.fromAddress)
            let replyTo = try sender.replyTo.map { Mailbox(name: nil, address: try MailAddress($0)) }
            // The attempt is unique and random enough for a boundary; the MIME writer checks the rest.
            let seed = Array(attempt.uuid.uuidString.utf8)
            return try MIMEMessage(
                date: now.microseconds, from: Mailbox(name: sender.fromName, address: from),
                to: Mailbox(name: draft.way.contact.name, address: try MailAddress(address)), replyTo: replyTo,
                subject: rendered.subject, language: rendered.locale.text, messageID: "\(message)@\(from.domain)",
                references: ["\(draft.primary.loaded.id)@\(from.domain)"], attempt: attempt.description,
                text: rendered.text, html: rendered.html, boundarySeed: seed
            ).bytes
        } catch {
            throw LetterFault(detail: "the message cannot be written as a mail: \(error)")
        }
    }
}
