import ArgumentParser
import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store

struct Why: DatabaseCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says why something was sent, skipped or waits: for a customer, an invoice or a message.")

    @OptionGroup var option: TenantOption
    @Flag(help: "Print JSON, as the API answers.") var json = false
    @Argument(help: "cus_…, inv_… or msg_….") var id: String

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let subject = try Subject(id)
        let explanation = try await desk.database(.api).read(as: .tenant(context.tenant)) { tx in
            switch subject {
            case .customer(let id): try Explain.customer(id, in: &tx, context)
            case .invoice(let id): try Explain.invoice(id, in: &tx, context)
            case .message(let id): try Explain.message(id, in: &tx, context)
            }
        }
        print(json ? try Self.json(explanation) : Self.text(explanation))
    }

    private enum Subject {
        case customer(ID<Customer>)
        case invoice(ID<Invoice>)
        case message(ID<Message>)

        init(_ text: String) throws {
            if let id = ID<Customer>(text) {
                self = .customer(id)
            } else if let id = ID<Invoice>(text) {
                self = .invoice(id)
            } else if let id = ID<Message>(text) {
                self = .message(id)
            } else {
                throw Complaint("\(text) is no id of a customer, an invoice or a message")
            }
        }
    }

    static func json(_ explanation: Explanation) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(explanation), as: UTF8.self)
    }

    static func text(_ explanation: Explanation) -> String {
        var lines = explanation.words
        if !explanation.next.isEmpty {
            lines.append("")
            lines.append("Next (it is \(explanation.now)):")
            lines += explanation.next.map { "  \($0.words)" }
        }
        if !explanation.history.isEmpty {
            lines.append("")
            lines.append("What happened, the newest first:")
            lines += explanation.history.map { "  \($0.at)  \($0.words)" }
        }
        return lines.joined(separator: "\n")
    }
}
