import Dunning
import Postgres
import Store

struct ImportResponse: Encodable, Sendable {
    /// How far it is: bytes come in pieces of 1 MB, and rows are applied in chunks.
    struct Progress: Encodable, Sendable {
        let pieces: Int
        let piecesRead: Int
        let rowsRead: Int
        let rowsStaged: Int
        let rowsApplied: Int
    }

    struct Counts: Encodable, Sendable {
        let customersCreated: Int
        let customersChanged: Int
        let invoicesCreated: Int
        let invoicesChanged: Int
        let paymentsCreated: Int
        let paymentsChanged: Int
        let creditNotesCreated: Int
        let creditNotesChanged: Int
        let unchanged: Int
        let older: Int
        let settled: Int
        let reopened: Int
    }

    struct Problem: Encodable, Sendable, Spreadable {
        static let absence: [String: String?] = ["code": nil, "detail": nil]

        let code: String
        let detail: String
    }

    let id: ID<Import>
    let state: String
    let mode: String
    let source: String
    let snapshot: Bool
    let brandId: ID<Brand>
    @OrNull var mapping: String?
    @OrNull var fileName: String?
    let fileSize: Int64
    @OrNull var fileSha256: String?
    @OrNull var entryPolicy: String?
    let progress: Progress
    let counts: Counts
    let errors: Int
    let closing: Int
    let openItems: Int
    @OrNull var problem: Problem?
    let createdAt: Instant
    @OrNull var receivedAt: Instant?
    @OrNull var finishedAt: Instant?

    init(_ record: ImportRecord) {
        id = record.id
        state = record.state.rawValue
        mode = record.mode.rawValue
        source = record.source
        snapshot = record.isSnapshot
        brandId = record.brand
        mapping = record.mappingName
        fileName = record.fileName
        fileSize = record.fileSize
        fileSha256 = record.fileSHA256.map { $0.bytes.map(Self.hex).joined() }
        entryPolicy = record.entry?.text
        progress = Progress(
            pieces: record.pieces, piecesRead: record.piecesRead, rowsRead: record.rowsRead,
            rowsStaged: record.rowsStaged, rowsApplied: record.rowsApplied)
        let counts = record.counts
        self.counts = Counts(
            customersCreated: counts.customersCreated, customersChanged: counts.customersChanged,
            invoicesCreated: counts.invoicesCreated, invoicesChanged: counts.invoicesChanged,
            paymentsCreated: counts.paymentsCreated, paymentsChanged: counts.paymentsChanged,
            creditNotesCreated: counts.creditNotesCreated, creditNotesChanged: counts.creditNotesChanged,
            unchanged: counts.unchanged, older: counts.older, settled: counts.settled, reopened: counts.reopened)
        errors = record.errors
        closing = record.closing
        openItems = record.openItems
        problem = record.problem.map { Problem(code: $0.code, detail: $0.text) }
        createdAt = record.createdAt
        receivedAt = record.receivedAt
        finishedAt = record.finishedAt
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}

struct ImportProblemResponse: Encodable, Sendable {
    let row: Int
    let line: Int
    @OrNull var column: String?
    let field: String
    let code: String
    let message: String

    init(_ record: ImportErrorRecord) {
        row = record.row
        line = record.line
        column = record.column
        field = record.field
        code = record.code
        message = record.message
    }
}
