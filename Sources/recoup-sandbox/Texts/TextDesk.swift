import Foundation
import Synchronization

/// What the pretend text gateways share: what they took, how they misbehave, and what they report by themselves.
final class TextDesk: Sendable {
    /// Which receipts follow an accepted message without being asked for.
    struct Habit: Sendable, Codable {
        /// `sent`, `delivered` or `failed`, in the order they are sent.
        var receipts: [ReceiptOrder.State]
        /// Milliseconds before the first.
        var after: Int
    }

    let journal: TextJournal
    let book = TextReactionBook()
    let caller = TextCaller()
    private let habitBox: Mutex<Habit>
    let now: @Sendable () -> Date

    init(journal: TextJournal, reportsByItself: Bool, now: @escaping @Sendable () -> Date) {
        self.journal = journal
        habitBox = Mutex(Habit(receipts: reportsByItself ? [.sent, .delivered] : [], after: 20))
        self.now = now
    }

    var habit: Habit {
        get { habitBox.withLock { $0 } }
        set { habitBox.withLock { $0 = newValue } }
    }

    /// Sends the usual receipts of an accepted message; nobody waits for it.
    func reportByHabit(_ message: TextMessage) {
        let habit = habit
        guard message.outcome == .accepted, message.callback != nil, !habit.receipts.isEmpty else { return }
        Task { [self] in
            try? await Task.sleep(for: .milliseconds(habit.after))
            for state in habit.receipts { _ = await report(message, ReceiptOrder(state: state)) }
        }
    }

    /// The status that the receipt was answered with; `nil` when nobody answered.
    func report(_ message: TextMessage, _ order: ReceiptOrder) async -> Int? {
        guard let callback = message.callback else { return nil }
        journal.noteReceipt()
        return await caller.post(
            order.form(of: message), as: message.gateway, to: callback,
            signedBy: order.forged == true ? "forged" : message.secret)
    }
}

/// One receipt to be sent.
struct ReceiptOrder: Sendable, Codable {
    enum State: String, Sendable, Codable, CaseIterable { case sent, delivered, failed }

    var state: State
    var code: String?
    /// Sent that often.
    var times: Int?
    /// Signed by somebody who does not know the secret.
    var forged: Bool?

    init(state: State) {
        self.state = state
    }

    func form(of message: TextMessage) -> [String: String] {
        switch message.gateway {
        case .twilio:
            var form = [
                "MessageSid": message.id, "AccountSid": message.account, "From": message.from, "To": message.to,
                "MessageStatus": state == .failed ? "undelivered" : state.rawValue,
            ]
            form["ErrorCode"] = code
            return form
        case .generic:
            var form = ["id": message.id, "status": state.rawValue]
            form["reference"] = message.ref
            form["error"] = code
            return form
        }
    }
}

/// A message somebody writes to the client.
struct InboundOrder: Sendable, Codable {
    /// Where the client wants such messages.
    let url: String
    let gateway: TextMessage.Gateway
    /// Its password signs, as it was last seen; or `secret` says it.
    var account: String?
    var secret: String?
    let from: String
    let to: String
    let text: String
    var id: String?
    var times: Int?
    var forged: Bool?

    func form(id: String) -> [String: String] {
        switch gateway {
        case .twilio: ["MessageSid": id, "From": from, "To": to, "Body": text]
        case .generic: ["id": id, "from": from, "to": to, "text": text]
        }
    }
}
