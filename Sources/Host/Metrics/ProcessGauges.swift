import Foundation
import Glibc

/// What the kernel knows of this process, under the names that Prometheus clients share.
package struct ProcessGauges: Sendable {
    private let memory: Gauge
    private let files: Gauge
    private let processor: Counter
    private let offset: Gauge
    private let clock: Clock

    package init(in registry: Registry, clock: Clock) {
        memory = registry.gauge("process_resident_memory_bytes", help: "Resident memory in bytes.")
        files = registry.gauge("process_open_fds", help: "Open file descriptors.")
        processor = registry.counter(
            "process_cpu_seconds_total", help: "User and system time in seconds since the start.")
        offset = registry.gauge(
            "recoup_clock_offset_seconds", help: "Product time minus real time; 0 outside demonstrations.")
        registry.gauge("process_start_time_seconds", help: "Start in seconds since 1970.")
            .set((Double(Clock.system()) / 1_000_000).rounded())
        self.clock = clock
    }

    /// Reads the values again; meant for the moment of a scrape. Where `/proc` is missing, they stay at zero.
    package func refresh() {
        offset.set(Double(clock.offset) / 1_000_000)
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            files.set(Double(open.count))
        }
        if let usage = Self.usage(stat: (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? "") {
            processor.follow(usage.seconds)
            memory.set(usage.bytes)
        }
    }

    /// Processor seconds and resident bytes from a line of `/proc/<pid>/stat` (proc(5)).
    static func usage(stat: String) -> (seconds: Double, bytes: Double)? {
        // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let pages = Double(fields[21])
        else { return nil }
        return ((user + system) / Double(sysconf(Int32(_SC_CLK_TCK))), pages * Double(sysconf(Int32(_SC_PAGESIZE))))
    }
}
