package import Dunning
package import Postgres
import Store

/// Shows a template as a customer would get it now. Nothing is stored and nothing is sent.
package struct PreviewTemplate: Sendable {
    package struct Result: Sendable, Equatable {
        /// The mail; `nil` for a template that has none.
        package let mail: RenderedMessage?
        package let text: RenderedMessage?
        package let locale: LanguageTag
        /// The customer owes nothing now, so the invoices are made up.
        package let isSample: Bool
    }

    let template: ID<Template>
    let customer: ID<Customer>
    let brand: ID<Brand>?
    let locale: LanguageTag?

    /// - Parameters:
    ///   - brand: the one of the customer's oldest open case when not given, else the tenant's first.
    ///   - locale: in place of the customer's own.
    package init(
        _ template: ID<Template>, for customer: ID<Customer>, from brand: ID<Brand>? = nil, locale: LanguageTag? = nil
    ) {
        self.template = template
        self.customer = customer
        self.brand = brand
        self.locale = locale
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        guard try tx.template(template) != nil else { throw Rejection.notFound("template") }
        guard let record = try tx.customer(customer) else {
            throw Rejection.invalid("/customer_id", "unknown_customer", "there is no such customer")
        }
        let cases = try tx.loadCases(customers: [customer], now: context.now)
        let sender = try sender(of: cases, in: &tx)
        let asking = cases.filter { $0.facts.state.brand == sender.id }.sorted {
            $0.facts.state.currency.code < $1.facts.state.currency.code
        }
        let today = sender.zone.day(of: context.now)
        let sections = asking.compactMap { Self.section(of: $0, today: today, now: context.now) }
        let contact = try tx.contacts(of: customer, Page(count: 50)).last?.name
        let facts = MessageFacts(
            customerName: record.name, isConsumer: record.kind == .consumer,
            customerExternalID: record.externalID,
            contactName: contact, brand: BrandIdentity(sender),
            today: today, stage: asking.map { $0.open?.step.stage ?? $0.facts.state.stage }.max() ?? 1,
            sections: sections.isEmpty ? [Self.sample(on: today)] : sections)
        let mail = try words(by: .email, facts, for: record, in: &tx)
        let text = try words(by: .sms, facts, for: record, in: &tx)
        guard let locale = (mail ?? text)?.locale else {
            preconditionFailure("a template has a text in its default language")
        }
        return Result(mail: mail, text: text, locale: locale, isSample: sections.isEmpty)
    }

    /// The words of one channel in the language that is found for it; `nil` where the template has none.
    private func words(
        by channel: Channel, _ facts: MessageFacts, for customer: CustomerRecord, in tx: inout Transaction
    ) throws -> RenderedMessage? {
        let variants = try tx.variants(of: [template], for: channel)[template]
        guard let choice = variants?.choice(customer: locale ?? customer.locale, brand: facts.brand.locale),
            let source = try tx.sources(of: [choice.text])[choice.text]
        else { return nil }
        var facts = facts
        facts.locale = choice.locale
        return try Self.render(source, channel, facts)
    }

    private func sender(of cases: [LoadedCase], in tx: inout Transaction) throws -> BrandRecord {
        if let brand {
            guard let record = try tx.brand(brand) else {
                throw Rejection.invalid("/brand_id", "unknown_brand", "there is no such brand")
            }
            return record
        }
        if let first = cases.first, let record = try tx.brand(first.facts.state.brand) { return record }
        guard let record = try tx.brands(Page(count: QueryLimit.brands)).last else {
            throw Rejection.invalid("/brand_id", "brand_required", "make a brand first")
        }
        return record
    }

    private enum QueryLimit {
        /// Tenants have a handful.
        static let brands = 200
    }

    /// What would be asked for now: what is overdue, or before that everything that is open.
    private static func section(of loaded: LoadedCase, today: Day, now: Instant) -> MessageFacts.Section? {
        let open = loaded.facts.asked(at: now)
        let overdue = loaded.facts.overdue(open, on: today)
        let currency = loaded.facts.state.currency
        let lines = (overdue.isEmpty ? open : overdue).compactMap { invoice in
            invoice.dueDate.map { due in
                MessageFacts.Line(
                    number: invoice.number, issueDate: invoice.issueDate, dueDate: due,
                    total: Money(minor: invoice.total, currency: currency),
                    open: Money(minor: invoice.collectable, currency: currency))
            }
        }
        let credit = loaded.facts.credit
        return MessageFacts.Section(
            summing: lines, credit: credit > 0 ? Money(minor: credit, currency: currency) : nil)
    }

    private static func sample(on today: Day) -> MessageFacts.Section {
        func line(_ number: String, daysOverdue: Int, cents: Int64) -> MessageFacts.Line {
            let due = today.adding(-daysOverdue)
            let amount = Money(minor: cents, currency: dollar)
            return MessageFacts.Line(
                number: number, issueDate: due.adding(-30), dueDate: due, total: amount, open: amount)
        }
        let lines = [
            line("SAMPLE-1", daysOverdue: 12, cents: 125_000), line("SAMPLE-2", daysOverdue: 4, cents: 48_050),
        ]
        return MessageFacts.Section(lines: lines, total: lines[0].open + lines[1].open)
    }

    /// A literal of ISO 4217.
    private static let dollar = Currency("USD")!

    private static func render(
        _ source: TemplateSource, _ channel: Channel, _ facts: MessageFacts
    ) throws(Rejection) -> RenderedMessage {
        do {
            if channel == .sms, let text = source.sms {
                return try Renderer.text(CompiledTemplate(text, as: .sms), given: RenderModel(facts))
            }
            return try Renderer.render(
                MessageTemplate(source), brand: BrandTexts(facts.brand), given: RenderModel(facts))
        } catch let error as RenderError {
            throw .forbiddenByState(code: error.label, detail: "the message cannot be written from this template")
        } catch {
            throw .forbiddenByState(
                code: "template_outdated",
                detail: "the template or the brand's texts do not compile any more; save them again")
        }
    }
}

extension BrandIdentity {
    init(_ brand: BrandRecord) {
        self.init(
            name: brand.name, legalName: brand.legalName,
            addressLines: brand.address.split(separator: "\n").map(String.init), replyTo: brand.replyTo,
            phone: brand.phone, zone: brand.zone, locale: brand.locale, headerText: brand.header,
            footerText: brand.footer)
    }
}
