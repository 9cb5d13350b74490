/// Looks for reminders sent twice or not at all: by what the relay took, and by what Recoup says it does not know.
struct DeliveryCheck: Sendable {
    let doubles: [String]
    let lost: [String]
    let unknown: [String]
    /// Messages that still count as on the wire though nothing is.
    let stuck: Int
    let accepted: Int

    /// - Parameter customers: each is owed one mail.
    init(_ tenant: Tenant, customers: [String]) async throws {
        struct Message: Decodable, Sendable {
            let address: String
            let state: String
        }
        let mails = try await tenant.world.mails()
        let messages: [Message] = try await tenant.everything("/v1/messages")
        let byRecipient = Dictionary(grouping: mails, by: \.recipient)
        let byAttempt = Dictionary(grouping: mails) { $0.attempt ?? "none" }
        let open = Set(messages.filter { $0.state == "unknown" }.map(\.address))
        doubles =
            byAttempt.filter { $0.value.count > 1 }.map { "attempt \($0.key)" }
            + byRecipient.filter { $0.value.count > 1 }.map { "recipient \($0.key)" }
        lost = customers.map(Tenant.address).filter { byRecipient[$0] == nil && !open.contains($0) }
        unknown = open.sorted()
        stuck = messages.count { $0.state == "sending" }
        accepted = mails.count
    }

    /// Nothing twice, nothing lost, nothing left behind.
    var isClean: Bool { doubles.isEmpty && lost.isEmpty && stuck == 0 }
}
