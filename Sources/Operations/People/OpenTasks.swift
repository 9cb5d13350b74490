import Dunning
import Postgres
import Store

extension Transaction {
    /// Gives people work, and tells the outside.
    mutating func ask(_ context: Context, _ tasks: [NewTask]) throws(PostgresError) {
        let ids = try openTasks(tasks, at: context.now)
        try emit(
            context,
            zip(ids, tasks).map { id, task in
                Emission(
                    .taskOpened, id, customer: task.customer,
                    [
                        "kind": .text(task.kind.rawValue), "deadline_at": .text(task.deadline.description),
                        "case_id": task.enrolment.map { .text($0.description) } ?? .none,
                        "message_id": task.message.map { .text($0.description) } ?? .none,
                    ])
            })
    }

    /// Takes back what people were asked to do about cases, and tells the outside why.
    mutating func callOff(_ context: Context, _ cases: [(ID<Enrolment>, Reason)]) throws(PostgresError) {
        try tell(context, closed: try cancelTasks(of: cases, at: context.now))
    }

    /// Nobody has to find out any more what became of these messages.
    mutating func callOff(_ context: Context, about messages: [ID<Message>]) throws(PostgresError) {
        try tell(context, closed: try closeTasks(about: messages, at: context.now))
    }

    private mutating func tell(_ context: Context, closed tasks: [ClosedTask]) throws(PostgresError) {
        try emit(
            context,
            tasks.map { Emission.closed($0.id, $0.kind, of: $0.customer, as: $0.state, outcome: $0.outcome) })
    }
}

extension Emission {
    /// - Parameter outcome: the word of the outcome; of a task the machine closed, its reason.
    static func closed(
        _ task: ID<CollectorTask>, _ kind: TaskKind, of customer: ID<Customer>, as state: TaskRecord.State,
        outcome: String?
    ) -> Emission {
        Emission(
            .taskClosed, task, customer: customer,
            [
                "kind": .text(kind.rawValue), "state": .text(state.rawValue),
                "outcome": outcome.map { .text($0) } ?? .none,
            ])
    }
}
