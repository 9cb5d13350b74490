import ArgumentParser
import Configuration
import Foundation
import FoundationNetworking
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
        var heard = 0
        for page in pages {
            guard let url = URL(string: page), url.scheme == "http", url.host != nil else {
                throw Complaint("\(page) is no http address")
            }
            // Nobody there is no fault where nobody was named: a container runs one of the programs.
            guard let answer = try await answer(of: url) else {
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
    private func answer(of url: URL) async throws -> (status: Int, text: String)? {
        var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData)
        request.timeoutInterval = TimeInterval(limit)
        do {
            let (data, response) = try await URLSession(configuration: .ephemeral).data(for: request)
            let text = String(decoding: data.prefix(500), as: UTF8.self)
            return ((response as? HTTPURLResponse)?.statusCode ?? 0, text.trimmingCharacters(in: .newlines))
        } catch let error as URLError where error.code == .cannotConnectToHost {
            return nil
        } catch {
            throw Complaint("\(url) does not answer within \(limit) s")
        }
    }
}
