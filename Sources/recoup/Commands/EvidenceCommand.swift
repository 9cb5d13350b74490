import ArgumentParser
import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store

struct EvidenceCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Writes what proves a case: the exact messages, the ledger, everything that was done.",
        discussion: "In the folder that the tar file holds, `sha256sum -c manifest.sha256` verifies all of it.")

    @OptionGroup var option: TenantOption
    @Argument(help: "The case, enr_….") var id: String
    @Option(name: .shortAndLong, help: "The tar file to write.") var output: String

    func run(at desk: Desk) async throws {
        guard let id = ID<Enrolment>(id) else { throw Complaint("\(id) is no id of a case") }
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let pack = try await desk.database(.bulk).write(as: .tenant(context.tenant)) { tx in
            try ExportEvidence(id).run(in: &tx, context)
        }
        try Data(pack.bytes).write(to: URL(filePath: output), options: .atomic)
        print("\(output): \(pack.bytes.count) bytes, SHA-256 \(pack.sha256)")
    }
}
