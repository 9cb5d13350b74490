import HTTPTypes
package import Hummingbird
import Synchronization

/// The metrics of one process, read by Prometheus.
///
/// Instruments are declared once at start and may be used from any thread. No series of a process names a tenant: numbers
/// about tenants are served to them, and to operators who show a token.
package final class Registry: Sendable {
    private let families = Mutex<[String: Family]>([:])

    package init() {}

    package func counter(_ name: String, help: String, labels: [String] = []) -> Counter {
        precondition(name.hasSuffix("_total"), "a counter is named …_total: \(name)")
        return Counter(family: declare(Family(name: name, help: help, kind: .counter, labels: labels)))
    }

    package func gauge(_ name: String, help: String, labels: [String] = []) -> Gauge {
        Gauge(family: declare(Family(name: name, help: help, kind: .gauge, labels: labels)))
    }

    /// A gauge whose series are known to be bounded by what they count, as numbers by tenant and currency are.
    package func gauge(
        _ name: String, help: String, labels: [String], showing values: [(labels: [String], value: Double)]
    ) {
        Gauge(family: declare(Family(name: name, help: help, kind: .gauge, labels: labels, limit: .max)))
            .replace(with: values)
    }

    /// - Parameter bounds: upper bounds of the buckets, ascending; infinity is added.
    package func histogram(
        _ name: String, help: String, labels: [String] = [], bounds: [Double] = Histogram.seconds
    ) -> Histogram {
        Histogram(family: declare(Family(name: name, help: help, kind: .histogram, labels: labels, bounds: bounds)))
    }

    /// Everything in the text exposition format 0.0.4, families by name and series by label values.
    package func render() -> String {
        families.withLock { $0.values.sorted { $0.name < $1.name } }.map(\.exposition).joined()
    }

    private func declare(_ family: Family) -> Family {
        families.withLock { families in
            precondition(families[family.name] == nil, "\(family.name) is declared twice")
            families[family.name] = family
            return family
        }
    }
}

extension Registry {
    /// What Prometheus is answered with.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Answers `/metrics`.
    /// - Parameters:
    ///   - token: what a reader has to show as `Authorization: Bearer …`; none is asked for when there is none.
    ///   - refresh: runs before each answer, to bring gauges up to date.
    ///   - more: families of others for this query of the address; `nil` refuses the query.
    package func addRoute<Context: RequestContext>(
        to router: some RouterMethods<Context>, token: Secret? = nil,
        refresh: @escaping @Sendable () async -> Void = {},
        more: @escaping @Sendable ([String: String]) async -> String? = { $0.isEmpty ? "" : nil }
    ) {
        router.get("/metrics") { request, _ in
            guard token.map({ $0.isShown(in: request.headers[.authorization]) }) ?? true else {
                return Response(status: .unauthorized, headers: [.wwwAuthenticate: "Bearer"])
            }
            var query: [String: String] = [:]
            for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
            await refresh()
            guard let more = await more(query) else { return Response(status: .badRequest) }
            return Response(
                status: .ok, headers: [.contentType: Self.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: self.render() + more)))
        }
    }
}
