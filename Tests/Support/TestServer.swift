import Foundation
package import Logging
import Postgres

/// The server the tests run on.
package enum TestServer {
    /// Why no test can run; says what to do.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
        package init(_ description: String) { self.description = description }
    }

    package static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// A missing server is a failure, never a skip.
    package static func url() throws -> String {
        guard let url = ProcessInfo.processInfo.environment["RECOUP_TEST_DATABASE"], !url.isEmpty else {
            throw Unusable(
                "RECOUP_TEST_DATABASE must name a PostgreSQL server, as postgresql://superuser@/postgres?host=/socket/folder; "
                    + "scripts/test starts one")
        }
        return url
    }

    static func url(ofDatabase name: String) throws -> String {
        guard var parts = URLComponents(string: try url()) else {
            throw Unusable("RECOUP_TEST_DATABASE must be a URI, not a list of keywords")
        }
        parts.path = "/\(name)"
        guard let url = parts.string else { throw Unusable("RECOUP_TEST_DATABASE must be a URI with a host") }
        return url
    }

    /// Lends a session of the superuser in the maintenance database.
    static func admin<R: Sendable>(_ body: @escaping @Sendable (inout AdminSession) throws -> R) async throws -> R {
        let url = try url()
        return try await onOwnThread {
            var session = try AdminSession(url: url)
            return try body(&session)
        }
    }
}

/// Runs blocking work where it blocks nobody.
package func onOwnThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { answer in
        Thread { answer.resume(with: Result(catching: body)) }.start()
    }
}

/// How many databases may be in use at a time: suites run side by side, and each opens pools of several roles.
actor Seats {
    static let shared = Seats(6)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
