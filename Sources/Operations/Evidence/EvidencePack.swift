import Crypto
package import Dunning
import Files
import Foundation
package import Postgres
import Store

/// What proves a case before an agency or a court: a tar file with the exact bytes of every message, the ledger, and everything
/// that was done, with a list of checksums that `sha256sum -c` verifies.
package struct EvidencePack: Sendable {
    /// More messages of one case than this are not in it; the newest are left out, and the README says so.
    package static let messageLimit = 1_000

    package let bytes: [UInt8]

    /// Of the whole file, in hexadecimal.
    package var sha256: String { Self.sha256(bytes) }

    /// Throws ``Rejection/notFound(_:)`` for a case that is not there. Reads only.
    package static func make(
        of enrolment: ID<Enrolment>, in tx: inout Transaction, _ context: Context
    ) throws -> EvidencePack {
        guard let subject = try tx.evidenceCase(enrolment) else { throw Rejection.notFound("case") }
        let messages = try tx.evidenceMessages(of: enrolment, limit: messageLimit)
        let ids = messages.map(\.id)
        var files: [(name: String, content: [UInt8])] = [
            ("README.txt", readme(subject, messages: messages.count, at: context.now)),
            ("case.json", try description(of: subject, at: context.now)),
        ]
        func table(_ name: String, _ columns: [String], _ lines: [[String]]) {
            files.append((name, EvidenceTable(columns, lines).bytes))
        }
        let customer = subject.key.customer
        table("contacts.csv", Transaction.evidenceContactColumns, try tx.evidenceContacts(of: customer))
        table("invoices.csv", Transaction.evidenceInvoiceColumns, try tx.evidenceInvoices(of: subject.key))
        table("ledger.csv", Transaction.evidenceLedgerColumns, try tx.evidenceLedger(of: subject.key))
        table("attempts.csv", Transaction.evidenceAttemptColumns, try tx.evidenceAttempts(of: ids))
        table("receipts.csv", Transaction.evidenceReceiptColumns, try tx.evidenceReceipts(of: ids))
        table("timeline.csv", Transaction.evidenceEventColumns, try tx.evidenceEvents(of: customer))
        files += try agreements(with: subject, in: &tx)
        var list = EvidenceTable(["file"] + Transaction.evidenceMessageColumns)
        for (index, message) in messages.enumerated() {
            let number = String(repeating: "0", count: max(0, 4 - "\(index + 1)".count)) + "\(index + 1)"
            let name = "messages/\(number)-\(message.id).\(message.channel == .email ? "eml" : "txt")"
            list.add([name] + message.cells)
            files.append((name, message.bytes))
        }
        files.append(("messages.csv", list.bytes))
        return EvidencePack(bytes: archive(files, of: enrolment, at: context.now))
    }

    private static func archive(
        _ files: [(name: String, content: [UInt8])], of enrolment: ID<Enrolment>, at now: Instant
    ) -> [UInt8] {
        var archive = TarArchive(modified: now.microseconds / 1_000_000)
        let folder = "evidence-\(enrolment)/"
        for file in files { archive.add(folder + file.name, file.content) }
        let sums = files.map { "\(sha256($0.content))  \($0.name)\n" }.joined()
        archive.add(folder + "manifest.sha256", Array(sums.utf8))
        return archive.bytes
    }

    private static func agreements(
        with subject: EvidenceCase, in tx: inout Transaction
    ) throws -> [(name: String, content: [UInt8])] {
        let customer = subject.key.customer
        let promises = try tx.promises(Page(count: 1_000), of: customer).reversed().map { promise in
            [
                promise.id.description, promise.amount.decimal, promise.amount.currency.code,
                promise.madeOn.description, promise.dueOn.description,
                promise.standing?.rawValue ?? promise.cancellation?.rawValue ?? "",
                promise.invoices.map(\.description).joined(separator: " "), promise.note,
            ]
        }
        let disputes = try tx.disputes(Page(count: 1_000), of: customer).reversed().map { dispute in
            [
                dispute.id.description, dispute.invoice.description, dispute.amount?.decimal ?? "all",
                dispute.currency.code, dispute.reason, dispute.from.description, dispute.outcome?.rawValue ?? "",
                dispute.note,
            ]
        }
        let plans = try tx.plans(Page(count: 1_000), of: customer).reversed().map { plan in
            [
                plan.id.description, plan.madeOn.description, plan.state.rawValue,
                plan.parts.map { part in
                    "\(part.dueOn): \(Money(minor: part.amount, currency: plan.key.currency).decimal)"
                }.joined(separator: "; "), plan.key.currency.code,
                plan.invoices.map(\.description).joined(separator: " "), plan.note,
            ]
        }
        let notes = try tx.notes(Page(count: 10_000), about: customer).reversed().map { note in
            [note.createdAt.description, note.author, note.body]
        }
        let tasks = try tx.tasks(Page(count: 10_000), TaskFilter(customer: customer)).reversed().map { task in
            [
                task.id.description, task.kind.rawValue, task.state.rawValue, task.title, task.outcome ?? "",
                task.note ?? "", task.createdAt.description, task.closedAt?.description ?? "",
            ]
        }
        let tables: [(String, [String], [[String]])] = [
            (
                "promises.csv",
                ["promise", "amount", "currency", "made_on", "due_on", "standing", "invoices", "note"], promises
            ),
            (
                "disputes.csv",
                ["dispute", "invoice", "amount", "currency", "reason", "from_day", "outcome", "note"], disputes
            ),
            (
                "payment_plans.csv", ["plan", "made_on", "state", "instalments", "currency", "invoices", "note"], plans
            ),
            ("notes.csv", ["at", "author", "body"], notes),
            ("tasks.csv", ["task", "kind", "state", "title", "outcome", "note", "created_at", "closed_at"], tasks),
        ]
        return tables.map { name, columns, lines in (name, EvidenceTable(columns, lines).bytes) }
    }

    private static func description(of subject: EvidenceCase, at now: Instant) throws -> [UInt8] {
        struct Document: Encodable {
            struct Party: Encodable {
                let name: String
                let id: String
                let externalID: String?
                let kind: String?
                let address: String?
                let phone: String?
            }

            let caseID: ID<Enrolment>
            let made: Instant
            let creditor: Party
            let debtor: Party
            let currency: String
            let status: String
            let exitReason: String?
            let stage: Int
            let cycle: Int
            let openedAt: Instant
            let closedAt: Instant?
            let workflow: String
            let workflowVersion: Int
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let document = Document(
            caseID: subject.id, made: now,
            creditor: .init(
                name: subject.creditor, id: subject.key.brand.description, externalID: nil, kind: nil,
                address: subject.creditorAddress, phone: subject.creditorPhone),
            debtor: .init(
                name: subject.customerName, id: subject.key.customer.description,
                externalID: subject.customerExternalID, kind: subject.customerKind, address: nil, phone: nil),
            currency: subject.key.currency.code, status: subject.status, exitReason: subject.exitReason,
            stage: subject.stage, cycle: subject.cycle, openedAt: subject.openedAt, closedAt: subject.closedAt,
            workflow: subject.workflow, workflowVersion: subject.version)
        return [UInt8](try encoder.encode(document))
    }

    private static func readme(_ subject: EvidenceCase, messages: Int, at now: Instant) -> [UInt8] {
        let cut = messages == messageLimit ? "\nOnly the first \(messageLimit) messages are here.\n" : ""
        return Array(
            """
            Evidence of the case \(subject.id): \(subject.customerName) owes \(subject.creditor), in \(subject.key.currency.code).
            Made at \(now). All times are UTC; amounts are decimal, signed as they change what is owed.

            case.json          the parties, and where the case stands
            contacts.csv       whom the customer named
            invoices.csv       what was billed, and what of it is open
            ledger.csv         every movement of money on the account, as recorded
            messages.csv       what was sent, to which address, and what became of it
            messages/          the messages themselves, byte for byte as they were given to the gateway
            attempts.csv       the tries on the wire, with what the gateway answered
            receipts.csv       what the gateway reported afterwards
            promises.csv, disputes.csv, payment_plans.csv, notes.csv, tasks.csv
                               what was agreed and said
            timeline.csv       everything that was done about the customer, by whom, in order
            manifest.sha256    checksums of all of these: sha256sum -c manifest.sha256
            \(cut)
            """.utf8)
    }

    private static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
