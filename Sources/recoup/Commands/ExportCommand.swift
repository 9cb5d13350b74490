import ArgumentParser
import Curl
import Foundation

/// Asks the API, as any client would: what it writes is what the tenant's key may see.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a whole list as CSV or NDJSON: invoices, payments, customers …",
        discussion: """
            LIST is a list of the API as openapi.yaml names it, below /v1/: invoices, credit_notes, ledger_entries, or with \
            its parameters: invoices?state=overdue. The key is read from a file, so that it stands in no list of processes.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, ndjson }

    @Option(help: "csv or ndjson.") var format: Format
    @Option(name: [.customShort("o"), .long], help: "Where to write; else the standard output.") var output: String?
    @Option(help: "A file with the tenant's key (`recoup key create` makes one).") var keyFile: String
    @Option(help: "Where the API is.") var api = "http://127.0.0.1:8080"
    @Argument(help: "Which list.") var list: String

    func export() async throws {
        let key: String
        do {
            key = String(decoding: try Data(contentsOf: URL(filePath: keyFile)), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw Complaint("\(keyFile) cannot be read")
        }
        let file = try output.map(Self.create)
        try await Export(api: api, key: key, format: format.rawValue).pages(of: list) { page in
            try (file ?? .standardOutput).write(contentsOf: page)
        }
        try file?.close()
    }

    private static func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw Complaint("\(path) cannot be written") }
        return file
    }
}

/// A list of the API followed from page to page.
struct Export {
    let api: String
    let key: String
    let format: String

    /// Hands over every page as it comes; the columns of CSV stand in the first alone.
    func pages(of list: String, _ take: (Data) throws -> Void) async throws {
        let loop = try HTTPLoop()
        try await Self.pages(of: list, format: format, fetch: { try await page(at: $0, loop) }, take)
    }

    /// - Parameter fetch: the body at an address, and its Link header.
    static func pages(
        of list: String, format: String, fetch: (String) async throws -> (Data, String?),
        _ take: (Data) throws -> Void
    ) async throws {
        var path: String? = "/v1/\(list)\(list.contains("?") ? "&" : "?")format=\(format)&limit=200"
        var columns: Data?
        while let address = path {
            let (data, link) = try await fetch(address)
            path = link.flatMap(next)
            guard format == "csv", let end = data.range(of: Data("\r\n".utf8)) else {
                try take(data)
                continue
            }
            let head = Data(data[..<end.upperBound])
            guard columns == nil || columns == head else {
                throw Complaint("the columns changed from one page to the next; nothing more is written")
            }
            try take(columns == nil ? data : Data(data[end.upperBound...]))
            columns = head
        }
    }

    private func page(at path: String, _ loop: HTTPLoop) async throws -> (Data, String?) {
        guard
            let request = try? HTTPRequest(
                .get, at: api + path, headers: [.init("Authorization", "Bearer \(key)")], isRepeatable: true,
                privateAllowed: true, limits: .init(whole: .seconds(60), answerBytes: 256 << 20))
        else { throw Complaint("\(api + path) is no address") }
        guard let answer = await loop.send(request), answer.curlCode == .ok else {
            throw Complaint("the API at \(api) cannot be reached")
        }
        guard answer.status == 200 else {
            let problem = try? JSONDecoder().decode(Problem.self, from: Data(answer.answer))
            throw Complaint("the API refused: \(problem?.detail ?? "no reason was given")")
        }
        return (Data(answer.answer), answer.headers["link"])
    }

    private struct Problem: Decodable {
        let detail: String
    }

    /// The address of the next page in a Link header (RFC 8288).
    static func next(_ link: String) -> String? {
        guard link.hasSuffix("; rel=\"next\""), let start = link.firstIndex(of: "<"),
            let end = link.firstIndex(of: ">")
        else { return nil }
        return String(link[link.index(after: start)..<end])
    }
}
