import Logging
import Synchronization

@testable import Host

/// Keeps log lines for a test to look at.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func write(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    var logger: Logger { logger(format: .text) }

    func logger(format: LogFormat, level: Logger.Level = .trace) -> Logger {
        Logger(label: "test") { _ in
            LogWriter(program: "recoup-test", level: level, format: format) { self.write($0) }
        }
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() } }
}
