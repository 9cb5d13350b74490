package import Foundation

/// One of Recoup's programs, or a tool, as a child process. Its output goes into a file: a pipe would be held open by
/// whatever it leaves running.
package final class Program: Sendable {
    package let name: String
    package let log: URL
    private let process: Process
    private let ending: Task<Int32, Never>

    package init(
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

    package var isRunning: Bool { process.isRunning }

    /// Its status, or the signal that ended it.
    package func end() async -> Int32 { await ending.value }

    package func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Sends a signal and waits until it is gone.
    @discardableResult
    package func stop(_ signal: Int32 = SIGKILL) async -> Int32 {
        if process.isRunning { kill(process.processIdentifier, signal) }
        return await ending.value
    }

    /// Everything it has said so far.
    package var said: String { String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self) }
}

/// What a tool said, and how it ended.
package struct Said: Sendable {
    package let status: Int32
    package let text: String
}

/// A tool or a program did not do what the test needs of it.
package struct Unhelpful: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

package enum Tool {
    /// The folder of the test bundle: the programs are built into the same one.
    package static let binaries = Bundle.main.bundleURL

    /// Runs a program to its end.
    package static func run(
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
    package static let environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }

    /// A folder that every user may enter, short enough for sockets.
    package static func folder(_ noun: String) throws -> URL {
        let folder = URL(filePath: "/tmp/recoup-\(noun)-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        return folder
    }
}

/// Waits until `condition` holds; throws when it does not within the time.
package func eventually(
    _ what: String, within limit: Duration = .seconds(60), every pause: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw Unhelpful("still not after \(limit): \(what)") }
        try await Task.sleep(for: pause)
    }
}
