import Dunning
import Foundation
import FoundationXML
import Support
import Testing

@testable import recoup

@Suite(.database) struct `Reports` {
    /// Reads an SVG as what it is: XML. Nil when it is none.
    private final class Reader: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var texts: [String] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            counts[name, default: 0] += 1
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) { texts.append(text) }

        static func read(_ svg: String) -> Reader? {
            let reader = Reader()
            let parser = XMLParser(data: Data(svg.utf8))
            parser.delegate = reader
            return parser.parse() ? reader : nil
        }
    }

    @Test func `print and draw what a tenant has, and say what is missing`() async throws {
        let database = try TestDatabase.current()
        #expect(await recoup("demo", "at", "2026-11-24T09:00[America/New_York]", in: database) == 0)
        let tenant = try await TestTenant.make(in: database)
        #expect(await recoup("report", "dso", in: database) == 1)
        let (customer, invoice) = try await tenant.debtor()
        try await tenant.pay(customer, 40_00, for: [(invoice, 40_00)])
        let folder = FileManager.default.temporaryDirectory.appending(path: "recoup-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for report in ["dso", "aging"] {
            let file = folder.appending(path: "\(report).svg").path
            #expect(await recoup("report", report, "--svg", file, in: database) == 0)
            let svg = try #require(Reader.read(try String(contentsOfFile: file, encoding: .utf8)))
            #expect(svg.counts["svg"] == 1 && svg.texts.contains("2026-11"))
        }
        #expect(await recoup("report", "recovery", in: database) == 1)
        #expect(await recoup("report", "dso", "--currency", "base", in: database) == 1)
        #expect(await recoup("report", "dso", "--to", "2026-11-31", in: database) == 1)
        #expect(await recoup("report", "dso", "--months", "1", in: database) == 2)
    }

    @Test func `draw gaps where there is no value, and bars on both sides of nothing`() throws {
        let lines = Chart(
            title: "A < B & C", subtitle: "", kind: .lines, labels: ["1", "2", "3"],
            series: [
                .init(name: "one", colour: "red", values: [1, nil, 3], intervals: [0...2, nil, 2...4]),
                .init(name: "two", colour: "blue", values: [1, 2, 3]),
            ], axis: { "\($0)" })
        let read = try #require(Reader.read(lines.svg))
        #expect(read.counts["circle"] == 5 && read.counts["polyline"] == 1)
        let bars = Chart(
            title: "", subtitle: "", kind: .bars, labels: ["1", "2"],
            series: [
                .init(name: "up", colour: "red", values: [1, 2]), .init(name: "down", colour: "blue", values: [-1, 0]),
            ],
            axis: { "\($0)" })
        // The background, three bars, two marks of the legend.
        #expect(try #require(Reader.read(bars.svg)).counts["rect"] == 6)
    }

    @Test func `have axes with round numbers around all values`() {
        #expect(Scale(values: 0...88).ticks == [0, 20, 40, 60, 80, 100])
        #expect(Scale(values: -9...495).ticks == [-100, 0, 100, 200, 300, 400, 500])
        let flat = Scale(values: 0...0)
        #expect(flat.low < flat.high)
    }

    @Test func `make a sparkline of values and gaps`() {
        #expect(Sparkline.text([1, nil, 2, 3]) == "▁·▄█" || Sparkline.text([1, nil, 2, 3]) == "▁·▅█")
        #expect(Sparkline.text([nil, nil]) == "··")
        #expect(Sparkline.text([5, 5]).count == 2)
    }
}
