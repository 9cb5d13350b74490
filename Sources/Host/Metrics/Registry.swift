import HTTPTypes
package import Hummingbird
import Synchronization

/// The metrics of one process, read by Prometheus.
///
/// Instruments are declared once at start and may be used from any thread. No series of a process names a tenant: numbers
/// about tenants are theirs and are served elsewhere.
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
    /// Answers `/metrics`.
    /// - Parameter refresh: runs before each answer, to bring gauges up to date.
    package func addRoute<Context: RequestContext>(
        to router: some RouterMethods<Context>, refresh: @escaping @Sendable () async -> Void = {}
    ) {
        router.get("/metrics") { _, _ in
            await refresh()
            var headers = HTTPFields()
            headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: self.render())))
        }
    }
}
