/// How a case goes over to another version of its workflow (study `dunning` 3.6, "workflow edited while enrolled").
///
/// Steps are told apart by their keys. What is done stays done; a case whose last step is gone goes on with the next of the old
/// steps that still exists; its stage never rises by it.
package enum VersionChange {
    /// The standing of a case under the new version.
    package static func moved(
        _ state: CaseState, from old: PublishedWorkflow, to new: PublishedWorkflow
    ) -> CaseState {
        var state = state
        if let key = state.nextKey, key != Step.Target.endWord, new.rung(of: key) == nil { state.nextKey = nil }
        if let position = state.position, new.rung(of: position) == nil {
            stand(
                &state, in: new, after: old.rung(of: position).map { old.ladder[..<$0].map(\.key) } ?? [],
                before: old.rung(of: position).map { old.ladder[($0 + 1)...].map(\.key) } ?? [])
        }
        // A case that had run out of steps goes on where the new version has more.
        if state.status == .exhausted, new.next(after: state) != nil { state.status = .active }
        return state
    }

    /// - Parameters:
    ///   - done: keys of the old steps before the position, in order.
    ///   - ahead: those behind it.
    private static func stand(
        _ state: inout CaseState, in new: PublishedWorkflow, after done: [String], before ahead: [String]
    ) {
        let last = done.last { new.rung(of: $0) != nil }
        let next = ahead.first { new.rung(of: $0) != nil }
        state.position = last
        if let next {
            state.nextKey = next
        } else if last == nil {
            // Nothing of the old version is left: as far as the case had come, no further.
            state.nextKey =
                new.ladder.indices.first { index in
                    new.ladder[index].kind.isContact && new.stages[index] > state.stage
                }.map { new.ladder[$0].key } ?? Step.Target.endWord
        } else {
            state.nextKey = nil
        }
    }
}
