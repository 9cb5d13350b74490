import Dunning
import Postgres
import Store

/// Looks at all staged rows at once for what no single row can show: contradictions within the file, and with what is
/// stored.
struct CheckRows: Sendable {
    private struct Part: Sendable {
        let mask: Int
        let field: String

        static let row = Part(mask: 15, field: "customer.external_id")
        static let contact = Part(mask: 2, field: "contact.email")
        static let invoice = Part(mask: 12, field: "invoice.external_id")
        static let payment = Part(mask: 8, field: "payment.external_id")
    }

    let job: ImportJob
    let mapping: ImportMapping
    let limits: ImportLimits

    /// Faults in one transaction.
    private static let batch = 5_000

    /// Throws ``StageFile/Unusable`` when there are too many faults to tell.
    func run(on database: Database, _ context: Context) async throws {
        let scope = Scope.tenant(context.tenant.uuid)
        let job = job
        try await database.write(as: scope) { tx in try tx.renameMerged(of: job.id) }
        let needs = try await database.read(as: scope) { tx in try tx.checkNeeds(job) }
        if needs.nobody {
            try await database.write(as: scope) { tx in
                try tx.joinByHash()
                try tx.resolveCustomers(job)
            }
            try await refuse(.row, "unknown_invoice", on: database, context) { tx, limit in
                try tx.rowsOfNobody(job, limit: limit)
            }
        }
        try await contradictions(on: database, context)
        if needs.borrowed {
            try await refuse(.row, "unknown_customer", on: database, context) { tx, limit in
                try tx.rowsOfUnknownCustomers(job, limit: limit)
            }
        }
        if needs.loose {
            try await refuse(.payment, "other", on: database, context) { tx, limit in
                try tx.strangeTargets(job, limit: limit)
            }
        }
        if needs.invoices {
            try await refuse(.invoice, "other", on: database, context) { tx, limit in
                try tx.strangeInvoices(job, limit: limit)
            }
        }
        if needs.payments {
            try await refuse(.payment, "other", on: database, context) { tx, limit in
                try tx.strangePayments(job, limit: limit)
            }
        }
    }

    private func contradictions(on database: Database, _ context: Context) async throws {
        let job = job
        if mapping.has(.customer) {
            try await refuse(.row, "contradiction", on: database, context) { tx, limit in
                try tx.customersTwice(job, limit: limit)
            }
        }
        if mapping.has(.contact) {
            try await refuse(.contact, "contradiction", on: database, context) { tx, limit in
                try tx.contactsTwice(job, limit: limit)
            }
        }
        if mapping.has(.invoice) {
            try await refuse(.invoice, "contradiction", on: database, context) { tx, limit in
                try tx.invoicesTwice(job, limit: limit)
            }
        }
        if mapping.has(.payment) || mapping.has(.creditNote) || mapping.negative == .creditNote {
            try await refuse(.payment, "contradiction", on: database, context) { tx, limit in
                try tx.paymentsTwice(job, limit: limit)
            }
        }
    }

    private func refuse(
        _ part: Part, _ code: String, on database: Database, _ context: Context,
        _ find: @escaping @Sendable (inout Transaction, Int) throws -> [FaultyRow]
    ) async throws {
        var total = 0
        let column = ImportTarget(part.field).flatMap { mapping.column(of: $0) }
        while true {
            let found = try await database.write(as: .tenant(context.tenant.uuid)) { [job] tx in
                try tx.joinByHash()
                let rows = try find(&tx, Self.batch)
                try tx.refuse(rows.map(\.place), parts: part.mask, of: job)
                try tx.insert(rows.map { Self.record($0, part, code, column) }, of: job.id)
                return rows.count
            }
            total += found
            if found < Self.batch { return }
            guard total <= limits.faults else { throw limits.tooManyFaults }
        }
    }

    private static func record(
        _ row: FaultyRow, _ part: Part, _ code: String, _ column: String? = nil
    ) -> ImportErrorRecord {
        let found = row.what.map { "other_\($0)" } ?? code
        return ImportErrorRecord(
            row: row.row, line: row.line, column: column, field: part.field, code: found,
            message: sentence(found, part, row.other))
    }

    private static func sentence(_ code: String, _ part: Part, _ other: Int?) -> String {
        let noun = part.field.prefix { $0 != "." }
        return switch code {
        case "contradiction" where other != nil:
            "the same \(noun) has other values in line \(other ?? 0); neither is taken"
        case "unknown_invoice": "names no customer, and an invoice that is neither stored nor in the file"
        case "unknown_customer": "names a customer that is neither stored nor in the file"
        case "other_customer": "the \(noun) is another customer's, or is for another customer's invoice"
        case "other_currency": "the \(noun) is in another currency than what is stored, or than its invoice"
        case "other_brand": "the \(noun) is stored at another brand"
        default: "the \(noun) contradicts what is known"
        }
    }
}

extension CheckRows {
    /// What another transaction has stored since the file was checked, found again under the locks of a chunk.
    static func recheck(_ job: ImportJob, _ range: ImportRange, in tx: inout Transaction) throws {
        for row in try tx.strangeInvoices(job, from: range.from, to: range.to, limit: range.rows) {
            try tx.refuse([row.place], parts: Part.invoice.mask, of: job)
            try tx.insert([record(row, .invoice, "other")], of: job.id)
        }
        for row in try tx.strangePayments(job, from: range.from, to: range.to, limit: range.rows) {
            try tx.refuse([row.place], parts: Part.payment.mask, of: job)
            try tx.insert([record(row, .payment, "other")], of: job.id)
        }
    }
}
