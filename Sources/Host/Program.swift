import Foundation

/// The outermost frame of a program: an error becomes a sentence on standard error and a status, not a crash report.
package enum Program {
    /// Wrong settings (`EX_CONFIG` of sysexits.h).
    static let badSettings: Int32 = 78

    /// Runs `body` and ends the process: status 0 when it returns, 78 for wrong settings, 1 for any other error.
    package static func run(_ name: String, _ body: () async throws -> Void) async -> Never {
        exit(await status(of: name, tell: { StandardError.write($0) }, body))
    }

    static func status(of name: String, tell: (String) -> Void, _ body: () async throws -> Void) async -> Int32 {
        do {
            try await body()
            return 0
        } catch let error as SettingsError {
            for problem in error.problems { tell("\(name): \(problem)") }
            return badSettings
        } catch {
            tell("\(name): \(error)")
            return 1
        }
    }
}
