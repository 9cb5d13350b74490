import ArgumentParser
import Foundation
import Host
import Operations
import Store

struct DoctorCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Examines the whole database; says why the system is on hold.",
        discussion: """
            After a restore, a promotion or under another environment's name the system holds. --adopt takes such a \
            database over: what was on the wire or due around then goes to review, and the hold ends. The status is 1 \
            while there is anything to complain about.
            """)

    @Flag(help: "Take a restored database over, after listing what goes to review.") var adopt = false
    @Flag(help: "Do not ask before taking over.") var yes = false
    @Flag(help: "Print JSON.") var json = false

    func run(at desk: Desk) async throws {
        let doctor = Doctor(dispatch: desk.database(.dispatch), bulk: desk.database(.bulk))
        if adopt { try await takeOver(doctor, at: desk) }
        let report = try await doctor.examine(environment: desk.host.environment, now: try await desk.now())
        print(json ? try Self.text(report) : Self.words(report))
        if !report.isContent { throw ExitCode.failure }
    }

    private func takeOver(_ doctor: Doctor, at desk: Desk) async throws {
        let now = try await desk.now()
        let dispatch = desk.database(.dispatch)
        guard let hold = try await InstanceGuard.check(dispatch, environment: desk.host.environment, now: now) else {
            throw Complaint("the system is not on hold, so there is nothing to take over")
        }
        let exposed = try await doctor.exposed(now: now)
        StandardError.write("On hold: \(hold).")
        StandardError.write(
            "To review: \(exposed.cases) cases of \(exposed.tenants) tenants, \(exposed.armed) with a message that may be "
                + "out, \(exposed.due) with a step due since \(exposed.since).")
        if !yes {
            guard Terminal.isInputTyped else { throw Complaint("nothing was changed; --yes takes the database over") }
            guard Terminal.ask("Type \"adopt\" to go on:") == "adopt" else { throw Complaint("nothing was changed") }
        }
        let done = try await doctor.adopt(environment: desk.host.environment, now: now)
        StandardError.write("Taken over: \(done.cases) cases went to review.")
    }

    private static func words(_ report: Doctor.Report) -> String {
        var lines = report.findings.map { "\($0.tenant)  \($0.subject)  \($0.finding)" }
        if let hold = report.hold { lines.append("on hold: \(hold)") }
        lines.append(
            report.isContent
                ? "all is well in \(report.tenants) tenants"
                : "\(report.findings.count) findings in \(report.tenants) tenants")
        return lines.joined(separator: "\n")
    }

    private static func text(_ report: Doctor.Report) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}
