import Dunning
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Operations
import Store

extension Route {
    static let imports: [Route] = [
        .tenant(
            .post, "/v1/imports",
            query: ["mapping", "inline_mapping", "mode", "entry_policy", "source", "snapshot", "file_name"]
        ) { call in
            let receive = try call.newImport()
            let file = try Body.file(of: call.request)
            do {
                let id = try await receive.run(file, on: call.world.bulk, call.operation)
                return .accepted(ImportResponse(try await call.find("import") { try $0.importRecord(id) }))
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
        .tenant(.post, "/v1/imports/{id}/confirm") { call in try await call.answer(.confirm) },
        .tenant(.post, "/v1/imports/{id}/cancel") { call in try await call.answer(.cancel) },
        .tenant(.get, "/v1/imports/{id}/errors", query: ["limit", "cursor"]) { call in
            let id = try call.id(Import.self, "import")
            let count = try call.query.count()
            let last = try call.query.value("cursor", "bad_cursor", "must be a next_cursor as it was answered") {
                ReportPlace($0)
            }
            let problems = try await call.find("import") { tx in
                guard try tx.importRecord(id) != nil else { return nil as [ImportErrorRecord]? }
                return try tx.importErrors(of: id, after: last?.row ?? -1, field: last?.field ?? "", count: count)
            }
            let next = problems.count == count ? problems.last.map { "\($0.row):\($0.field)" } : nil
            return .ok(PageResponse(data: problems.map(ImportProblemResponse.init), nextCursor: next))
        },
        .tenantText(.get, "/v1/imports/{id}/errors.csv") { call in try await call.errorFile(.csv, "text/csv") },
        .tenantText(.get, "/v1/imports/{id}/errors.ndjson") { call in
            try await call.errorFile(.ndjson, "application/x-ndjson")
        },
    ]
}

extension Call where Caller == TenantKey {
    fileprivate func newImport() throws -> ReceiveImport {
        let entry = try query.value("entry_policy", "bad_entry_policy", EntryPolicy.forms) { EntryPolicy($0) }
        let mode: ImportRecord.Mode? = try query.choice("mode")
        let isSnapshot = try query.value("snapshot", "not_in_list", "must be true or false") { Bool($0) }
        let choice: ReceiveImport.Choice
        if let name = query.text("mapping") {
            choice = .named(name)
        } else {
            let json = try query.required("inline_mapping", "bad_mapping", "must be JSON in base64url") {
                $0.fromBase64URL
            }
            do {
                choice = .given(try ImportMapping(json: json))
            } catch {
                throw error.aboutMapping
            }
        }
        return ReceiveImport(
            choice, mode: mode ?? .partial, source: query.text("source"), isSnapshot: isSnapshot, policy: entry,
            fileName: query.text("file_name").map { String($0.prefix(200)) })
    }

    fileprivate func answer(_ answer: AnswerImport) async throws -> Answer {
        let id = try id(Import.self, "import")
        try await writeBulk { tx, operation in try answer.run(id, in: &tx, operation) }
        return .ok(ImportResponse(try await find("import") { try $0.importRecord(id) }))
    }

    /// All of the report, read page by page as the client takes it.
    fileprivate func errorFile(_ form: ImportErrorFile, _ type: String) async throws -> Response {
        let id = try id(Import.self, "import")
        _ = try await find("import") { try $0.importRecord(id) }
        let body = ResponseBody { [self] writer in
            try await writer.write(ByteBuffer(string: form.header))
            var last: ImportErrorRecord?
            while true {
                let (row, field) = (last?.row ?? -1, last?.field ?? "")
                let page = try await read { try $0.importErrors(of: id, after: row, field: field, count: 1_000) }
                guard !page.isEmpty else { break }
                try await writer.write(ByteBuffer(string: page.map(form.line).joined()))
                last = page.last
            }
            try await writer.finish(nil)
        }
        let disposition = "attachment; filename=\"\(id)-errors.\(form.rawValue)\""
        return Response(
            status: .ok, headers: [.contentType: type, .contentDisposition: disposition], body: body)
    }
}

/// Where a page of a report ended: it is ordered by row, and by field within a row.
private struct ReportPlace {
    let row: Int
    let field: String

    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let row = Int(parts[0]), (0...Int(Int32.max)).contains(row) else { return nil }
        self.row = row
        field = String(parts[1])
    }
}

extension Rejection {
    /// An import has no JSON body; what a pointer leads into is the mapping, and an empty one is the file itself.
    fileprivate var aboutMapping: Rejection {
        guard case .invalid(let problems) = self else { return self }
        return .invalid(
            problems.map { problem in
                problem.pointer.hasPrefix("/")
                    ? FieldProblem(
                        pointer: "?inline_mapping\(problem.pointer)", code: problem.code, detail: problem.detail)
                    : problem
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
