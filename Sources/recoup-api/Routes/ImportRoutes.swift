import Dunning
import Foundation
import HTTPTypes
import Operations
import Store

extension Route {
    static let imports: [Route] = [
        .tenant(.post, "/v1/imports", query: ["mapping", "entry_policy"]) { call in
            let entry = try call.query.value("entry_policy", "bad_entry_policy", EntryPolicy.forms) { EntryPolicy($0) }
            let json = try call.query.required("mapping", "bad_mapping", "must be JSON in base64url") {
                $0.fromBase64URL
            }
            let bytes = try await Body.csv(of: call.request)
            do {
                let ledger = ImportLedger(csv: bytes, mapping: try ImportMapping(json: json), entry: entry)
                return .created(ImportReportResponse(try await ledger.run(on: call.world.bulk, call.operation)))
            } catch let rejection as Rejection {
                throw rejection.aboutMapping
            }
        },
        .tenant(.get, "/v1/imports", query: ["limit", "cursor"]) { call in
            let page: Page<Import> = try call.query.page()
            return .page(page, try await call.read { try $0.imports(page) }, id: \.id, ImportResponse.init)
        },
        .tenant(.get, "/v1/imports/{id}") { call in
            let id = try call.id(Import.self, "import")
            return .ok(ImportResponse(try await call.find("import") { try $0.importRecord(id) }))
        },
        .tenant(.get, "/v1/imports/{id}/errors", query: ["limit", "cursor"]) { call in
            let id = try call.id(Import.self, "import")
            let count = try call.query.count()
            let last = try call.query.value("cursor", "bad_cursor", "must be a next_cursor as it was answered") {
                ReportPlace($0)
            }
            let problems = try await call.find("import") { tx in
                guard try tx.importRecord(id) != nil else { return nil as [ImportErrorRecord]? }
                return try tx.importErrors(of: id, after: last?.line ?? 0, part: last?.part ?? "", count: count)
            }
            let next = problems.count == count ? problems.last.map { "\($0.line):\($0.part)" } : nil
            return .ok(PageResponse(data: problems.map(ImportProblemResponse.init), nextCursor: next))
        },
    ]
}

/// Where a page of a row report ended: the report is ordered by line, and by part within a line.
private struct ReportPlace {
    let line: Int
    let part: String

    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let line = Int(parts[0]), (0...Int(Int32.max)).contains(line) else { return nil }
        self.line = line
        part = String(parts[1])
    }
}

extension Rejection {
    /// An import has no JSON body; what a pointer leads into is the mapping, and an empty one is the file itself.
    fileprivate var aboutMapping: Rejection {
        guard case .invalid(let problems) = self else { return self }
        return .invalid(
            problems.map { problem in
                problem.pointer.isEmpty
                    ? problem
                    : FieldProblem(pointer: "?mapping\(problem.pointer)", code: problem.code, detail: problem.detail)
            })
    }
}

extension String {
    /// Text that was written in base64url (RFC 4648 section 5), padding left out or not.
    fileprivate var fromBase64URL: String? {
        let plain = replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        return Data(base64Encoded: plain + padding).flatMap { String(validating: $0, as: UTF8.self) }
    }
}

struct ImportResponse: Encodable, Sendable {
    let id: ID<Import>
    let state: String
    let entryPolicy: String
    let rowsRead: Int
    let customersCreated: Int
    let invoicesCreated: Int
    let paymentsCreated: Int
    let unchanged: Int
    let errors: Int
    let createdAt: Instant
    @OrNull var finishedAt: Instant?

    init(_ record: ImportRecord) {
        id = record.id
        state = record.state.rawValue
        entryPolicy = record.entry.text
        rowsRead = record.rowsRead
        customersCreated = record.customersCreated
        invoicesCreated = record.invoicesCreated
        paymentsCreated = record.paymentsCreated
        unchanged = record.unchanged
        errors = record.errors
        createdAt = record.createdAt
        finishedAt = record.finishedAt
    }
}

/// An import as it ended, with the first of its problems.
struct ImportReportResponse: Encodable, Sendable {
    let `import`: ImportResponse
    let problems: [ImportProblemResponse]

    init(_ report: ImportReport) {
        `import` = ImportResponse(report.record)
        problems = report.problems.map(ImportProblemResponse.init)
    }
}

struct ImportProblemResponse: Encodable, Sendable {
    let line: Int
    let part: String
    let field: String
    let code: String
    let message: String

    init(_ record: ImportErrorRecord) {
        line = record.line
        part = record.part
        field = record.field
        code = record.code
        message = record.message
    }
}
