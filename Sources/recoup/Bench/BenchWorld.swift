import Dunning
import Foundation
import Glibc
import Host
import Logging
import Operations
import Postgres
import SQL
import Store

/// API and worker of this build over a throw-away server, with a tenant that only asks for one invoice.
final class BenchWorld {
    /// A tenant that imports.
    struct Importer {
        let id: ID<Tenant>
        let key: String
        let brand: ID<Brand>
    }

    let server: ThrowawayServer
    let api: Process
    let worker: Process
    let database: Database
    let catalogue: Catalogue
    private let ports: (api: Int, worker: Int)
    /// Of the bystander.
    private let key: String
    private let invoice: ID<Invoice>

    init(on server: ThrowawayServer) async throws {
        self.server = server
        let base = 20_000 + Int.random(in: 0..<20_000)
        ports = (base, base + 1)
        let environment = ProcessInfo.processInfo.environment.merging([
            "DATABASE_URL": server.url, "ENVIRONMENT_NAME": "bench", "PLATFORM_KEY": "platform-key-of-the-benchmark",
            "SECRETS_KEY": Data(repeating: 7, count: 32).base64EncodedString(), "API_PORT": "\(base)",
            "WORKER_HEALTH_PORT": "\(base + 1)", "SANDBOX_GATEWAYS": "127.0.0.1:\(base + 2)", "LOG_LEVEL": "warning",
        ]) { $1 }
        let folder = Bundle.main.bundleURL
        try server.migrate()
        func start(_ name: String) throws -> Process {
            try ThrowawayServer.start(
                [folder.appending(path: name).path], environment: environment, log: server.log(name))
        }
        (api, worker) = (try start("recoup-api"), try start("recoup-worker"))
        catalogue = try Catalogue(SQL.queries.map(\.text))
        database = Database(
            DatabaseSettings(url: server.url, user: "recoup_api", connections: 2, waitLimit: .seconds(60)),
            catalogue: catalogue, logger: Logger(label: "bench"))
        let bystander = try await Self.makeTenant("Bystander", in: database)
        key = bystander.key
        invoice = try await Self.makeInvoice(of: bystander, in: database)
        let port = ports.api
        try ThrowawayServer.eventually("the API answers") {
            (try? ThrowawayServer.run(["curl", "-sf", "http://127.0.0.1:\(port)/health/ready"])) != nil
        }
    }

    func stop() {
        for process in [api, worker] {
            process.interrupt()
            process.waitUntilExit()
        }
    }

    func newImporter(_ name: String) async throws -> Importer { try await Self.makeTenant(name, in: database) }

    private static func makeTenant(_ name: String, in database: Database) async throws -> Importer {
        let now = Instant(microseconds: Clock.system())
        let context = Context(tenant: .make(at: now), actor: "bench", now: now)
        return try await database.write(as: .tenant(context.tenant)) { tx in
            _ = try CreateTenant(name: name).run(in: &tx, context)
            guard let zone = Zone("UTC") else { throw Complaint("there is no zone UTC") }
            let brand = try CreateBrand(
                name: name, legalName: name, address: "", fromAddress: try EmailAddress("billing@bench.example"),
                zone: zone
            ).run(in: &tx, context)
            let key = try CreateKey(name: "bench").run(in: &tx, context).token
            return Importer(id: context.tenant, key: key.revealed, brand: brand.id)
        }
    }

    private static func makeInvoice(of tenant: Importer, in database: Database) async throws -> ID<Invoice> {
        let context = Context(tenant: tenant.id, actor: "bench", now: Instant(microseconds: Clock.system()))
        return try await database.write(as: .tenant(tenant.id)) { tx in
            let customer = try CreateCustomer(externalID: "C-1", name: "Bystander").run(in: &tx, context).customer
            guard let currency = Currency("USD") else { throw Complaint("there is no currency USD") }
            return try RecordInvoice(
                SourceName("R-1"), customer: .id(customer.id), dueDate: nil,
                total: Money(minor: 100, currency: currency)
            ).run(in: &tx, context).invoice.id
        }
    }

    /// What the bystander's requests took, one every 50 ms, until there are that many or no more are wanted.
    func probe(_ count: Int, while isWanted: () -> Bool = { true }) throws -> [Double] {
        let address = "http://127.0.0.1:\(ports.api)/v1/invoices/\(invoice)"
        var times: [Double] = []
        while times.count < count, isWanted() {
            let said = try ThrowawayServer.run([
                "curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", "-H", "Authorization: Bearer \(key)", address,
            ])
            if let time = Double(said) { times.append(time) }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return times
    }

    /// Milliseconds that so many requests took, one after the other on one connection.
    func times(of path: String, as company: Importer, count: Int) throws -> [Double] {
        let file = server.folder.appending(path: "requests")
        let request = "url = \"http://127.0.0.1:\(ports.api)\(path)\"\noutput = \"/dev/null\"\n"
        try Data(String(repeating: request, count: count).utf8).write(to: file)
        let said = try ThrowawayServer.run([
            "curl", "-s", "--fail", "-w", "%{http_code} %{time_total}\n", "-H", "Authorization: Bearer \(company.key)",
            "-K",
            file.path,
        ])
        let times = said.split(separator: "\n").compactMap { line in
            line.hasPrefix("200 ") ? Double(line.dropFirst(4)).map { $0 * 1_000 } : nil
        }
        guard times.count == count else { throw Complaint("\(path) was not answered: \(said.suffix(200))") }
        return times
    }

    /// Starts the upload of a file; the process that does it.
    func upload(_ file: URL, mapping: String, as importer: Importer) throws -> Process {
        let text = Data(mapping.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        return try ThrowawayServer.start(
            [
                "curl", "-s", "-X", "POST", "-T", file.path, "-H", "Authorization: Bearer \(importer.key)", "-H",
                "Content-Type: application/x-ndjson", "-H", "Expect:",
                "http://127.0.0.1:\(ports.api)/v1/imports?inline_mapping=\(text)&entry_policy=first_stage",
            ], log: server.log("upload"))
    }

    /// The most memory a process has had at a time, in bytes.
    static func peak(_ process: Process) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
    }
}
