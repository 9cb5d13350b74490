import Foundation
package import Logging
import Synchronization

/// Writes log events to standard error, one line each, never two mixed.
package struct LogWriter: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let program: String
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - program: the name on each line; a logger's label adds nothing in a process with one job.
    ///   - write: where a finished line goes, without its line break.
    package init(
        program: String, level: Logger.Level, format: LogFormat,
        write: @escaping @Sendable (String) -> Void = { StandardError.write($0) }
    ) {
        self.program = program
        self.logLevel = level
        self.format = format
        self.write = write
    }

    /// Makes this the process's way of logging; once, at the start of a program.
    package static func start(program: String, _ settings: HostSettings) -> Logger {
        LoggingSystem.bootstrap { _ in LogWriter(program: program, level: settings.logLevel, format: settings.logFormat)
        }
        return Logger(label: program)
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        if let error = event.error { fields["error"] = "\(error)" }
        let line = LogLine(
            microseconds: Clock.system(), level: event.level, program: program, message: "\(event.message)",
            metadata: fields)
        write(line.formatted(format))
    }
}

/// The process's standard error, a line at a time.
package enum StandardError {
    private static let turn = Mutex(())

    package static func write(_ line: String) {
        turn.withLock { _ in
            // Nobody is left to tell when standard error itself is gone.
            try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
        }
    }
}
