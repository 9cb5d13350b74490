/// Where a case stands when it goes on under another workflow.
///
/// The stage never rises by it: it is the old one, at most what the debt's age calls for there, and the last contact stays
/// what it was, so that the distance between contacts is kept (architecture 5.7).
package enum Reassign {
    package struct Standing: Hashable, Sendable {
        package let stage: Int
        /// The step of the new workflow that counts as done; nil for its beginning.
        package let position: String?

        package init(stage: Int, position: String?) {
            self.stage = stage
            self.position = position
        }
    }

    package static func standing(of facts: CaseFacts, in workflow: PublishedWorkflow, now: Instant) -> Standing {
        let today = facts.brand.zone.day(of: now)
        let overdue = Planner.overdueAnchor(facts.asked(at: now), facts: facts, today: today)
        let byAge = overdue.map { workflow.stage(byAge: $0.daysOverdue(on: today)) } ?? 0
        var stage = min(facts.state.stage, byAge)
        // A workflow may know fewer stages, or count them with gaps.
        while stage > 0, workflow.rung(ofStage: stage) == nil { stage -= 1 }
        return Standing(stage: stage, position: workflow.rung(ofStage: stage).map { workflow.ladder[$0].key })
    }
}
