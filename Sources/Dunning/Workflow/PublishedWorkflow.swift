/// An immutable version of a workflow: its steps in order, and the least distance between contacts.
package struct PublishedWorkflow: Hashable, Sendable {
    package let id: ID<WorkflowVersion>
    package let workflow: ID<Workflow>
    /// Civil days between two contacts of a case.
    package let escalationGapDays: Int
    package let steps: [Step]
    /// The steps after due, in order; a case climbs them.
    package let ladder: [Step]
    /// Stage of each rung: contacts count 1, 2, 3 …; other steps keep the stage of the contact before them.
    package let stages: [Int]

    package init(id: ID<WorkflowVersion>, workflow: ID<Workflow>, escalationGapDays: Int, steps: [Step]) {
        self.id = id
        self.workflow = workflow
        self.escalationGapDays = escalationGapDays
        self.steps = steps
        ladder = steps.filter { !$0.isBeforeDue }
        var stage = 0
        stages = ladder.map { step in
            if step.kind.isContact { stage += 1 }
            return stage
        }
    }

    package func step(_ key: String) -> Step? { steps.first { $0.key == key } }

    package func rung(of key: String?) -> Int? { key.flatMap { key in ladder.firstIndex { $0.key == key } } }

    package func stage(of key: String) -> Int { rung(of: key).map { stages[$0] } ?? 0 }

    /// The rung of the contact with this stage; nil for stage 0 or one beyond the last.
    package func rung(ofStage stage: Int) -> Int? {
        ladder.indices.first { ladder[$0].kind.isContact && stages[$0] == stage }
    }

    /// The stage a debt of this age would have reached: the highest contact whose day has come. 0 when none.
    package func stage(byAge days: Int) -> Int {
        var reached = 0
        for index in ladder.indices where ladder[index].kind.isContact {
            if case .afterDue(let offset) = ladder[index].timing, offset <= days { reached = stages[index] }
        }
        return reached
    }
}
