import Dunning
import Postgres
import Store
import Synchronization

/// Compiled templates by version. Versions never change, so what is compiled once stays right.
package final class TemplateCache: Sendable {
    /// A template, and whom it shall speak to.
    struct Wish {
        let template: ID<Template>
        let channel: Channel
        let customer: LanguageTag?
        let brand: LanguageTag
    }

    /// The text in the language that was found for it.
    struct Choice {
        let template: MessageTemplate
        let locale: LanguageTag
    }

    private let compiled = Mutex<[ID<TemplateVersion>: MessageTemplate]>([:])
    private static let most = 2_000

    package init() {}

    /// The current text for each wish, in their order; `nil` where there is none or it does not compile any more.
    func load(_ wishes: [Wish?], in tx: inout Transaction) throws -> [Choice?] {
        var variants: [Channel: [ID<Template>: Variants<ID<TemplateVersion>>]] = [:]
        for channel in Set(wishes.compactMap { $0?.channel }) {
            let wanted = wishes.compactMap { $0?.channel == channel ? $0?.template : nil }
            variants[channel] = try tx.variants(of: Array(Set(wanted)), for: channel)
        }
        let choices = wishes.map { wish in
            wish.flatMap { variants[$0.channel]?[$0.template]?.choice(customer: $0.customer, brand: $0.brand) }
        }
        let known = try templates(Set(choices.compactMap { $0?.text }), in: &tx)
        return choices.map { choice in
            choice.flatMap { (version, locale) in known[version].map { Choice(template: $0, locale: locale) } }
        }
    }

    private func templates(
        _ versions: Set<ID<TemplateVersion>>, in tx: inout Transaction
    ) throws -> [ID<TemplateVersion>: MessageTemplate] {
        var found = [ID<TemplateVersion>: MessageTemplate]()
        compiled.withLock { cache in
            for version in versions { found[version] = cache[version] }
        }
        for (version, source) in try tx.sources(of: versions.filter { found[$0] == nil }) {
            guard let fresh = try? MessageTemplate(source) else { continue }
            compiled.withLock { cache in
                if cache.count >= Self.most { cache.removeAll() }
                cache[version] = fresh
            }
            found[version] = fresh
        }
        return found
    }
}
