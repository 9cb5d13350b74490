import Testing

@testable import Host

@Suite struct `The metrics registry` {
    @Test func `it renders the text format, families by name and series by label values`() {
        let registry = Registry()
        let sent = registry.counter("recoup_sent_total", help: "Messages sent.", labels: ["channel", "outcome"])
        let depth = registry.gauge("recoup_queue_depth", help: "Due rows.")
        sent.add(1, "sms", "accepted")
        sent.add(2, "email", "refused")
        sent.add(1, "email", "accepted")
        sent.add(1, "email", "refused")
        depth.set(-1.5)
        #expect(
            registry.render() == """
                # HELP recoup_queue_depth Due rows.
                # TYPE recoup_queue_depth gauge
                recoup_queue_depth -1.5
                # HELP recoup_sent_total Messages sent.
                # TYPE recoup_sent_total counter
                recoup_sent_total{channel="email",outcome="accepted"} 1
                recoup_sent_total{channel="email",outcome="refused"} 3
                recoup_sent_total{channel="sms",outcome="accepted"} 1

                """)
    }

    @Test func `buckets are cumulative, a bound includes its value, and sum and count follow`() {
        let registry = Registry()
        let wait = registry.histogram("recoup_wait_seconds", help: "Wait.", labels: ["pool"], bounds: [0.5, 1])
        wait.record(0.5, "api")
        wait.record(.milliseconds(750), "api")
        wait.record(4, "api")
        #expect(
            registry.render() == """
                # HELP recoup_wait_seconds Wait.
                # TYPE recoup_wait_seconds histogram
                recoup_wait_seconds_bucket{pool="api",le="0.5"} 1
                recoup_wait_seconds_bucket{pool="api",le="1"} 2
                recoup_wait_seconds_bucket{pool="api",le="+Inf"} 3
                recoup_wait_seconds_sum{pool="api"} 5.25
                recoup_wait_seconds_count{pool="api"} 3

                """)
    }

    @Test func `label values and help are escaped`() {
        let registry = Registry()
        registry.gauge("g", help: "back\\slash\nline \"quoted\"", labels: ["v"]).set(1, "a\"b\\c\nd\r")
        #expect(
            registry.render()
                == "# HELP g back\\\\slash\\nline \"quoted\"\n# TYPE g gauge\ng{v=\"a\\\"b\\\\c\\nd\r\"} 1\n")
    }

    @Test(arguments: [
        (0.1, "0.1"), (1e16, "10000000000000000"), (1e300, "1e+300"), (-0.0, "0"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"),
        (.nan, "NaN"), (123_456_789.25, "123456789.25"),
    ])
    func `numbers are written so that Prometheus reads them`(value: Double, text: String) {
        let registry = Registry()
        registry.gauge("g", help: "h").set(value)
        #expect(registry.render().hasSuffix("\ng \(text)\n"))
    }

    @Test func `a counter without labels starts at zero`() {
        let registry = Registry()
        _ = registry.counter("recoup_lost_total", help: "Lost.")
        #expect(registry.render().hasSuffix("\nrecoup_lost_total 0\n"))
    }

    @Test func `replacing a gauge forgets series that are gone`() {
        let registry = Registry()
        let depth = registry.gauge("depth", help: "h", labels: ["lane"])
        depth.set(3, "old")
        depth.replace(with: [(["new"], 1)])
        #expect(registry.render() == "# HELP depth h\n# TYPE depth gauge\ndepth{lane=\"new\"} 1\n")
    }

    @Test func `a label that grows without end ends in one series named other`() {
        let registry = Registry()
        let hits = registry.counter("hits_total", help: "h", labels: ["path", "status"])
        for n in 0..<(Family.limit + 50) { hits.add(1, "/\(n)", "404") }
        hits.add(1, "/3", "404")
        let lines = registry.render().split(separator: "\n")
        #expect(lines.count == 2 + Family.limit + 1)
        #expect(lines.contains("hits_total{path=\"other\",status=\"other\"} 50"))
        #expect(lines.contains("hits_total{path=\"/3\",status=\"404\"} 2"))
    }

    @Test func `counting from many tasks loses nothing`() async {
        let registry = Registry()
        let hits = registry.counter("hits_total", help: "h", labels: ["task"])
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for _ in 0..<1_000 { hits.add(1, "\(task % 2)") } }
            }
        }
        #expect(registry.render().hasSuffix("hits_total{task=\"0\"} 4000\nhits_total{task=\"1\"} 4000\n"))
    }

    @Test func `the process tells its own memory, files and clock`() {
        let registry = Registry()
        let gauges = ProcessGauges(in: registry, clock: Clock(offset: 86_400_000_000))
        gauges.refresh()
        let text = registry.render()
        #expect(text.contains("\nrecoup_clock_offset_seconds 86400\n"))
        for name in ["process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"] {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
            let value = line.flatMap { Double($0.dropFirst(name.count + 1)) }
            #expect(value ?? 0 > 0, "\(name)")
        }
    }

    @Test func `a program's name with blanks and brackets does not shift the fields of its statistics`() throws {
        let numbers = (3...52).map { "\($0)" }.joined(separator: " ")
        let usage = try #require(ProcessGauges.usage(stat: "7 (a ) b) S \(numbers)"))
        // The fields after the name start with the state; times are the 14th and 15th of the line, pages the 24th.
        #expect(usage.seconds == 0.27)
        #expect(usage.bytes == 23 * 4096)
        #expect(ProcessGauges.usage(stat: "") == nil)
    }
}
