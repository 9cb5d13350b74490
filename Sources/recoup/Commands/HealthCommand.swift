import ArgumentParser
import Configuration
import Curl
import Foundation
import Host

/// What the health check of a container runs: the image has no other client of HTTP.
struct HealthCommand: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Asks programs whether they are ready; for the health checks of containers.",
        discussion: """
            Without a URL: those of this machine that listen where the settings say, of which there must be one. Ends with 0 \
            when all that were asked are ready, else with 1.
            """)

    @Option(help: "Seconds one answer may take.") var limit = 4
    @Argument(help: "Addresses to ask, such as http://127.0.0.1:8080/health/ready.") var urls: [String] = []

    func validate() throws {
        guard (1...60).contains(limit) else { throw ValidationError("--limit is 1 to 60 seconds") }
    }

    func run(_ config: ConfigReader) async throws {
        let pages = urls.isEmpty ? try HealthPages(reading: config).pages.map(\.url) : urls
        guard !pages.isEmpty else { throw Complaint("no program here has a port of its own; name an address") }
        let loop = try HTTPLoop()
        var heard = 0
        for page in pages {
            // Nobody there is no fault where nobody was named: a container runs one of the programs.
            guard let answer = try await answer(of: page, loop) else {
                guard urls.isEmpty else { throw Complaint("nobody answers at \(page)") }
                continue
            }
            heard += 1
            guard answer.status == 200 else { throw Complaint("\(page) is not ready: \(answer.text)") }
            print("\(page) is ready")
        }
        guard heard > 0 else { throw Complaint("no program answers at \(pages.joined(separator: ", "))") }
    }

    /// `nil` when nobody listens there.
    private func answer(of page: String, _ loop: HTTPLoop) async throws -> (status: Int, text: String)? {
        let limits = HTTPRequest.Limits(connect: .seconds(limit), whole: .seconds(limit))
        guard let request = try? HTTPRequest(.get, at: page, privateAllowed: true, limits: limits) else {
            throw Complaint("\(page) is no http address")
        }
        let exchange = await loop.send(request)
        switch exchange?.curlCode {
        case .ok: break
        case .couldNotConnect: return nil
        default: throw Complaint("\(page) does not answer within \(limit) s")
        }
        let text = String(decoding: exchange?.answer.prefix(500) ?? [], as: UTF8.self)
        return (exchange?.status ?? 0, text.trimmingCharacters(in: .newlines))
    }
}
