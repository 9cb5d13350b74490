import Dunning
import Postgres
import Store
import Synchronization

/// Compiled templates by version. Versions never change, so what is compiled once stays right.
package final class TemplateCache: Sendable {
    private let compiled = Mutex<[ID<TemplateVersion>: MessageTemplate]>([:])
    private static let most = 2_000

    package init() {}

    /// The current texts of these templates; one that does not compile any more is missing.
    func load(_ templates: [ID<Template>], in tx: inout Transaction) throws -> [ID<Template>: MessageTemplate] {
        var found: [ID<Template>: MessageTemplate] = [:]
        for (id, current) in try tx.templateSources(templates) {
            if let known = compiled.withLock({ $0[current.version] }) {
                found[id] = known
            } else if let fresh = try? MessageTemplate(current.source) {
                compiled.withLock { cache in
                    if cache.count >= Self.most { cache.removeAll() }
                    cache[current.version] = fresh
                }
                found[id] = fresh
            }
        }
        return found
    }
}
