import Dunning
import Host
import Postgres

/// Something the command itself has to complain about, in one sentence.
struct Complaint: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) {
        description = sentence
    }
}

/// Errors as an operator reads them: what is wrong, and what to do where that is known.
enum Sentence {
    static func about(_ error: any Error) -> String {
        switch error {
        case let error as Rejection: about(error)
        case let error as PostgresError: about(error)
        case let error as SettingsError: error.problems.map(\.description).joined(separator: "; ")
        default: "\(error)"
        }
    }

    private static func about(_ rejection: Rejection) -> String {
        switch rejection {
        case .invalid(let problems):
            problems.map { $0.pointer.isEmpty ? $0.detail : "\($0.pointer): \($0.detail)" }.joined(separator: "; ")
        case .notFound(let noun): "there is no such \(noun)"
        case .conflict(let noun, let identifier): "there is another \(noun) with the external id \(identifier)"
        case .forbiddenByState(_, let detail): detail
        }
    }

    private static func about(_ error: PostgresError) -> String {
        switch (error.kind, error.sqlState) {
        case (.connect, _): "the database cannot be reached: \(error.message)"
        case (.noRow, _) where error.query == "instance_clock", (_, "42P01"), (_, "3F000"):
            "the database is not set up: run `recoup migrate`"
        case (.lostAtCommit, _):
            "the database went away at the last moment; look whether it was done, and repeat it if not"
        case (.connectionLost, _): "the database went away; nothing was changed"
        default: "the database refused: \(error)"
        }
    }
}
