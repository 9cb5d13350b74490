import ArgumentParser
import Host
import Postgres
import Store

/// The outermost of the switches: nothing leaves, of nobody, from the next message on.
struct KillSwitchCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill-switch", abstract: "Stops all sending of the whole system, or lets it go on.")

    @Argument(help: "on: nothing is sent; off: it goes on. Shown when not given.") var state: State?

    enum State: String, ExpressibleByArgument, CaseIterable { case on, off }

    func run(at desk: Desk) async throws {
        if let state {
            try await desk.database(.dispatch).write(as: .none) { tx in try tx.switchSystem(off: state == .on) }
        }
        let isOff = try await desk.database(.dispatch).read(as: .none) { tx in try tx.isSystemSwitchedOff() }
        print(isOff ? "The kill switch is on: nothing is sent." : "The kill switch is off.")
    }
}
