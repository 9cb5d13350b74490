import Dunning
import Foundation
import Postgres
import Store
import Support

@testable import Operations

/// Taking a file in as the product does: uploaded piece by piece, then run by what a worker runs.
struct ImportFixture: Sendable {
    let tenant: TestTenant
    var mapping: ImportMapping
    var mode = ImportRecord.Mode.partial
    var source: String?
    var isSnapshot: Bool?
    var policy: EntryPolicy?
    var now = TestTenant.now

    static let header = "cust,mail,inv,issued,due,amount,paid\n"

    static func mapping(_ more: [ImportTarget: ImportMapping.Source] = [:]) throws -> ImportMapping {
        try ImportMapping(
            sources: [
                .customerExternalID: .column("cust"), .contactEmail: .column("mail"),
                .invoiceExternalID: .column("inv"), .invoiceIssueDate: .column("issued"),
                .invoiceDueDate: .column("due"), .invoiceAmount: .column("amount"),
                .invoiceCurrency: .constant("USD"), .paymentValueDate: .column("paid"),
            ].merging(more) { $1 })
    }

    init(_ tenant: TestTenant, _ mapping: ImportMapping? = nil, mode: ImportRecord.Mode = .partial) throws {
        self.tenant = tenant
        self.mapping = try mapping ?? Self.mapping()
        self.mode = mode
    }

    /// What a file did, with everything that was wrong in it.
    struct Taken: Sendable {
        let record: ImportRecord
        let errors: [ImportErrorRecord]

        /// rows, customers, invoices, payments, unchanged, errors.
        var brief: [Int] {
            [
                record.rowsRead, record.counts.customersCreated, record.counts.invoicesCreated,
                record.counts.paymentsCreated, record.counts.unchanged, record.errors,
            ]
        }
        var faults: [String] { errors.map { "\($0.row) \($0.field) \($0.code)" } }
    }

    func upload(_ bytes: [UInt8], piece: Int = 100_000) async throws -> ID<Import> {
        let chunks = AsyncStream<[UInt8]> { stream in
            var rest = bytes[...]
            while !rest.isEmpty {
                stream.yield(Array(rest.prefix(piece)))
                rest = rest.dropFirst(piece)
            }
            stream.finish()
        }
        return try await ReceiveImport(
            .given(mapping), mode: mode, source: source, isSnapshot: isSnapshot, policy: policy
        ).run(chunks, on: try tenant.database.database(.bulk), tenant.context(at: now))
    }

    func run(
        _ id: ID<Import>, limits: ImportLimits = ImportLimits(),
        isStopping: @escaping @Sendable () -> Bool = { false },
        pause: @escaping @Sendable (RunImport.Moment) -> Void = { _ in }
    ) async throws -> RunImport.Outcome {
        let context = tenant.context(at: now)
        return try await RunImport(id, limits: limits, isStopping: isStopping, pause: pause)
            .run(on: try tenant.database.database(.bulk)) { context }
    }

    func taken(_ id: ID<Import>) async throws -> Taken {
        try await tenant.read(as: .bulk) { tx, _ in
            guard let record = try tx.importRecord(id) else { throw TestServer.Unusable("no import \(id)") }
            return Taken(record: record, errors: try tx.importErrors(of: id, count: 10_000))
        }
    }

    func take(_ bytes: [UInt8]) async throws -> Taken {
        let id = try await upload(bytes)
        _ = try await run(id)
        return try await taken(id)
    }

    func take(_ rows: String, header: String = header) async throws -> Taken {
        try await take(Array((header + rows).utf8))
    }
}
