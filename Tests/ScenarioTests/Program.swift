import Foundation
import Support

/// One of Recoup's programs, or a tool, as a child process. Its output goes into a file: a pipe would be held open by
/// whatever it leaves running.
final class Program: Sendable {
    let name: String
    let log: URL
    private let process: Process
    private let ending: Task<Int32, Never>

    init(
        _ executable: URL, _ arguments: [String] = [], environment: [String: String], log: URL, input: URL? = nil
    ) throws {
        name = executable.lastPathComponent
        self.log = log
        let (endings, ended) = AsyncStream.makeStream(of: Int32.self)
        process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: "/")
        if !FileManager.default.fileExists(atPath: log.path) {
            try Data().write(to: log)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        process.terminationHandler = { process in
            ended.yield(process.terminationStatus)
            ended.finish()
        }
        ending = Task {
            for await status in endings { return status }
            return -1
        }
        try process.run()
        try output.close()
    }

    var isRunning: Bool { process.isRunning }

    /// Its status, or the signal that ended it.
    func end() async -> Int32 { await ending.value }

    /// Sends a signal and waits until it is gone.
    @discardableResult
    func stop(_ signal: Int32 = SIGKILL) async -> Int32 {
        if process.isRunning { kill(process.processIdentifier, signal) }
        return await ending.value
    }

    /// Everything it has said so far.
    var said: String { String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self) }
}

/// What a tool said, and how it ended.
struct Said: Sendable {
    let status: Int32
    let text: String
}

/// A tool or a program did not do what the test needs of it.
struct Unhelpful: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

enum Tool {
    /// The folder of the test bundle: the programs are built into the same one.
    static let binaries = Bundle.main.bundleURL

    /// Runs a program to its end.
    static func run(
        _ executable: URL, _ arguments: [String], environment: [String: String] = Tool.environment, in folder: URL,
        input: URL? = nil
    ) async throws -> Said {
        let log = folder.appending(path: "out-\(UInt64.random(in: 0 ... .max))")
        let program = try Program(executable, arguments, environment: environment, log: log, input: input)
        let status = await program.end()
        defer { try? FileManager.default.removeItem(at: log) }
        return Said(status: status, text: program.said)
    }

    /// Of the tests, without what is meant for other people's databases.
    static let environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }

    /// A folder that every user may enter, short enough for sockets.
    static func folder(_ noun: String) throws -> URL {
        let folder = URL(filePath: "/tmp/recoup-\(noun)-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        return folder
    }
}

/// Waits until `condition` holds; throws when it does not within the time.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), every pause: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw Unhelpful("still not after \(limit): \(what)") }
        try await Task.sleep(for: pause)
    }
}
