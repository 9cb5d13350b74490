/// What differs between two documents of a workflow, step by step.
package enum WorkflowDiff {
    package struct Change: Hashable, Sendable, Encodable {
        package enum Kind: String, Hashable, Sendable, Encodable { case added, removed, changed, moved }

        package let kind: Kind
        /// A member of the workflow, or the key of a step.
        package let place: String
        /// The member of the step, where one changed.
        package let member: String?
        package let words: String
    }

    /// Nothing to compare with is a workflow that is new as a whole.
    package static func changes(from old: WorkflowDocument?, to new: WorkflowDocument) -> [Change] {
        guard let old else {
            return [Change(kind: .added, place: new.name, member: nil, words: "the workflow is new")]
        }
        var changes = head(old, new)
        let before = Dictionary(old.steps.map { ($0.step.key, $0) }) { first, _ in first }
        let after = Set(new.steps.map(\.step.key))
        for step in old.steps where !after.contains(step.step.key) {
            changes.append(
                Change(kind: .removed, place: step.step.key, member: nil, words: "step \(step.step.key) is removed"))
        }
        for written in new.steps {
            guard let earlier = before[written.step.key] else {
                changes.append(
                    Change(
                        kind: .added, place: written.step.key, member: nil,
                        words: "step \(written.step.key) is new: \(written.step.kind.rawValue)"))
                continue
            }
            changes += members(of: written.step.key, members(earlier), members(written))
        }
        let kept = old.steps.map(\.step.key).filter(after.contains)
        let now = new.steps.map(\.step.key).filter { before[$0] != nil }
        if kept != now {
            changes.append(
                Change(
                    kind: .moved, place: "steps", member: nil, words: "the order is now \(now.joined(separator: ", "))")
            )
        }
        return changes
    }

    private static func head(_ old: WorkflowDocument, _ new: WorkflowDocument) -> [Change] {
        func top(_ document: WorkflowDocument) -> [String: DocumentValue] {
            ["gap": .int(Int64(document.gapDays)), "limits": document.limits.document]
        }
        return members(of: "workflow", top(old), top(new))
    }

    private static func members(_ written: Step.Written) -> [String: DocumentValue] {
        guard case .map(let list) = written.step.document(template: written.template) else { return [:] }
        return Dictionary(list.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private static func members(
        of place: String, _ old: [String: DocumentValue], _ new: [String: DocumentValue]
    ) -> [Change] {
        Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { name in
            let (before, after) = (old[name]?.words ?? "not set", new[name]?.words ?? "not set")
            return Change(
                kind: .changed, place: place, member: name, words: "\(place): \(name) was \(before), is \(after)")
        }
    }
}

extension DocumentValue {
    /// On one line, for a person.
    package var words: String {
        switch self {
        case .null: "nothing"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .text(let text): "\"\(text)\""
        case .list(let elements): "[\(elements.map(\.words).joined(separator: ", "))]"
        case .map(let members): "{\(members.map { "\($0.name): \($0.value.words)" }.joined(separator: ", "))}"
        }
    }
}
