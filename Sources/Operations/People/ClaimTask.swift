package import Dunning
package import Postgres
package import Store

/// Says who is at a task, so that no two people call the same customer. Claiming what is one's own again changes nothing.
package struct ClaimTask: Sendable {
    let task: ID<CollectorTask>
    let person: String

    package init(_ task: ID<CollectorTask>, by person: String) throws(Rejection) {
        try TextRule.line(upTo: 200).check(person, at: "/by")
        self.task = task
        self.person = person
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> TaskRecord {
        guard let before = try tx.task(task) else { throw Rejection.notFound("task") }
        guard try tx.claimTask(task, by: person, at: context.now) else {
            guard let now = try tx.task(task), let holder = now.claimedBy, now.state == .claimed else {
                throw Rejection.forbiddenByState(code: "task_closed", detail: "The task is not open any more.")
            }
            throw Rejection.forbiddenByState(
                code: "task_claimed", detail: "\(holder) is at it: release the task first, or leave it.")
        }
        if before.claimedBy != person {
            try tx.audit(
                context, action: "task.claimed", subject: task.uuid, customer: before.customer,
                detail: ["kind": before.kind.rawValue])
        }
        guard let claimed = try tx.task(task) else { preconditionFailure("tasks are never deleted") }
        return claimed
    }
}

/// Gives a task back to everybody.
package struct ReleaseTask: Sendable {
    let task: ID<CollectorTask>

    package init(_ task: ID<CollectorTask>) { self.task = task }

    package func run(in tx: inout Transaction, _ context: Context) throws -> TaskRecord {
        guard let before = try tx.task(task) else { throw Rejection.notFound("task") }
        guard try tx.releaseTask(task) else {
            throw Rejection.forbiddenByState(code: "task_closed", detail: "The task is not open any more.")
        }
        if before.claimedBy != nil {
            try tx.audit(
                context, action: "task.released", subject: task.uuid, customer: before.customer,
                detail: ["kind": before.kind.rawValue])
        }
        guard let released = try tx.task(task) else { preconditionFailure("tasks are never deleted") }
        return released
    }
}
