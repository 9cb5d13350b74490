import Foundation
import Gateways
import Logging

/// A mail relay in a process of its own, on loopback, that misbehaves as told and keeps a journal.
final class FakeRelay: Sendable {
    struct Entry: Decodable {
        var connection: Int
        var event: String
        var text: String?
        var sender: String?
        var recipient: String?
        var body: Data?
    }

    let port: Int
    let folder: URL
    /// The relay ends when this closes, with the test or with the whole process.
    private let leash: FileHandle

    /// - Parameter certified: the name its certificate is for, if it speaks TLS.
    init(_ script: RelayScript = RelayScript(), certified name: String = "localhost") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "relay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if script.tls != .none { try Certificate.make(for: name, in: folder) }
        let process = Process(), output = Pipe(), input = Pipe()
        let json = String(decoding: try JSONEncoder().encode(script), as: UTF8.self)
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", RelayScript.program, json, folder.path()]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        leash = input.fileHandleForWriting
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CocoaError(.executableLoad)
        }
        self.port = port
    }

    deinit {
        try? leash.close()
        try? FileManager.default.removeItem(at: folder)
    }

    var certificate: String { folder.appending(path: "cert.pem").path() }

    var journal: [Entry] {
        get throws {
            let path = folder.appending(path: "journal")
            let text = String(decoding: (try? Data(contentsOf: path)) ?? Data(), as: UTF8.self)
            // The last line may still be on its way.
            return try text.split(separator: "\n", omittingEmptySubsequences: true)
                .prefix(text.hasSuffix("\n") ? .max : max(0, text.split(separator: "\n").count - 1))
                .map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
        }
    }

    func count(_ event: String) throws -> Int {
        try journal.count { $0.event == event }
    }

    var commands: [String] {
        get throws { try journal.compactMap(\.text) }
    }

    /// Waits until the journal has that many such entries; the test's time limit is what ends a wait in vain.
    func wait(for event: String, count wanted: Int = 1) async throws {
        while try count(event) < wanted { try await Task.sleep(for: .milliseconds(10)) }
    }

    func gateway(
        id: UUID = UUID(), version: Int = 1, tls: MailGateway.TLS = .none, host: String = "127.0.0.1",
        username: String? = nil, password: String? = nil, sessions: Int = 4
    ) -> MailGateway {
        MailGateway(
            id: id, version: version, host: host, port: port, tls: tls, username: username,
            password: password.map(Secret.init), ehloName: "worker.recoup.test", sessions: sessions)
    }

    /// Sessions that take this relay for a sandbox. Unless a test is about it they do not age, however slow the
    /// machine.
    func sessions(
        cap: Int = 64, idleClose: Duration = .seconds(600), trusting certificate: String? = nil,
        limits: MailLimits = MailLimits(idleReuse: .seconds(600))
    ) -> MailSessions {
        MailSessions(
            processCap: cap, idleClose: idleClose, allowedPrivate: ["localhost:\(port)"],
            sandboxes: ["127.0.0.1:\(port)"], certificateAuthorities: certificate, limits: limits, logger: quietLogger)
    }
}

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A certificate signed by nobody but itself.
enum Certificate {
    static func make(for name: String, in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout",
            folder.appending(path: "key.pem").path(), "-out", folder.appending(path: "cert.pem").path(),
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
}

extension OutgoingMail {
    static func to(_ recipient: String, body: String = "hello") -> OutgoingMail {
        OutgoingMail(
            envelopeFrom: "billing@acme.test", recipient: recipient,
            bytes: Array("Subject: test\r\n\r\n\(body)\r\n".utf8))
    }
}

extension MailSessions {
    func send(_ mail: OutgoingMail, through gateway: MailGateway) async -> WireOutcome {
        await send(mail, through: gateway, mayBegin: { true })
    }
}

extension WireOutcome {
    /// The outcome in one word, with the kind of a refusal.
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let refusal): refusal.kind.rawValue
        case .unknown: "unknown"
        case .notBegun(let reason): reason.rawValue
        }
    }

    var refusal: Refusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }
}
