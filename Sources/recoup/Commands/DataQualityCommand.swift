import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct DataQualityCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "data-quality",
        abstract: "Shows what is wrong with a tenant's data: missing addresses, due dates, rates and the like.")

    @OptionGroup var option: TenantOption
    @Option(help: "List all items of one finding.", transform: DataFinding.init(argument:)) var finding: DataFinding?

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let database = desk.database(.api)
        guard let finding else {
            let report = try await database.read(as: .tenant(context.tenant)) { tx in
                try DataQuality.report(in: &tx, context)
            }
            print(Self.text(report))
            return
        }
        var last: DataQualityItem?
        repeat {
            let after = last?.place ?? ""
            let items = try await database.read(as: .tenant(context.tenant)) { tx in
                try tx.items(of: finding, after: after, count: 1_000, now: context.now)
            }
            for item in items { print(Self.line(item)) }
            last = items.last
        } while last != nil
    }

    static func text(_ report: DataQuality) -> String {
        report.findings.flatMap { found -> [String] in
            let count = found.count < DataQuality.countLimit ? "\(found.count)" : "\(found.count) or more"
            let more = found.count > found.first.count ? ["  …"] : []
            return ["\(count) \(found.finding.words)"] + found.first.map { "  " + line($0) } + more
        }.joined(separator: "\n")
    }

    private static func line(_ item: DataQualityItem) -> String {
        item.subject == item.name
            ? "\(item.subject)  \(item.detail)" : "\(item.subject)  \(item.name)  \(item.detail)"
    }
}

extension DataFinding {
    init(argument: String) throws {
        guard let finding = DataFinding(rawValue: argument) else {
            throw ValidationError("must be one of: " + Self.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self = finding
    }
}
