package import Dunning
import Foundation
package import Postgres

extension WorkflowLimits {
    /// Versions of before there were limits have none.
    init(_ json: JSONText?) throws(PostgresError) {
        guard let json else {
            self.init()
            return
        }
        var fields = DocumentFields(["limits": try json.decoded()])
        let value = fields.given("limits") ?? .map([])
        self = Self.read(value, at: "/limits", &fields)
        guard fields.problems.isEmpty else { throw .undecodable("workflow limits") }
    }
}

extension Step {
    init(_ row: Row) throws(PostgresError) {
        if let options: JSONText = try row.optional("options") {
            var fields = DocumentFields(try options.decoded())
            let step = Self.read(&fields).step
            guard fields.finished().isEmpty else { throw .undecodable("workflow step") }
            self = step
            return
        }
        guard let timing = Timing(name: try row("timing"), days: try row("days")) else {
            throw .undecodable("step timing")
        }
        self.init(
            key: try row("step_key"), kind: try row("kind"), timing: timing, template: try row.optional("template_id"),
            tier: try row("tier"), waitsForOutcome: try row("wait_for_outcome"),
            deadlineBusinessDays: try row("deadline_business_days"), script: try row.optional("script"),
            fallback: (try row.optional("fallback") as String?).flatMap(Fallback.init(name:)))
    }

    /// The whole step as a document; nil when the common columns say it all.
    var options: JSONText? {
        let common = Step(
            key: key, kind: kind, timing: timing, template: template, tier: tier, waitsForOutcome: waitsForOutcome,
            deadlineBusinessDays: deadlineBusinessDays, script: script, fallback: fallback)
        let isPlain = Timing(name: timing.name, days: timing.days) == timing && self == common
        return isPlain ? nil : JSONText(storing: document())
    }
}

extension JSONText {
    fileprivate func decoded() throws(PostgresError) -> DocumentValue {
        do {
            return try JSONDecoder().decode(DocumentValue.self, from: Data(text.utf8))
        } catch {
            throw .undecodable("step or limits")
        }
    }

    package init(storing document: DocumentValue) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            self.init(String(decoding: try encoder.encode(document), as: UTF8.self))
        } catch {
            preconditionFailure("a document of texts and numbers always encodes: \(error)")
        }
    }
}
