import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store

/// Plays a simulation here, without a worker, and writes out what it holds.
struct SimulationPlay {
    let desk: Desk
    let context: Context

    func played(_ id: ID<SimulationRun>) async throws -> SimulationRecord {
        let context = context
        _ = try await RunSimulation(id).run(on: desk.database(.bulk)) { context }
        let found = try await desk.database(.bulk).read(as: .tenant(context.tenant)) { tx in try tx.simulation(id) }
        guard let found else { throw Complaint("there is no simulation \(id)") }
        return found
    }

    /// Every message, skip, task and end of a case, as CSV.
    func write(_ id: ID<SimulationRun>, to path: String) async throws {
        var text = "at,kind,customer,case,step,channel,stage,reason,task,asked\n"
        var last: SimulationEventRecord?
        repeat {
            let place = last.map { ($0.customer, $0.seq) }
            let page = try await desk.database(.api).read(as: .tenant(context.tenant)) { tx in
                try tx.simulationEvents(of: id, after: place, kind: nil, customer: nil, count: 1_000)
            }
            text += try page.map(Self.line).joined()
            last = page.last
        } while last != nil
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw Complaint("\(path) cannot be written; the simulation itself is done")
        }
    }

    private struct Section: Decodable {
        let amount: String
        let currency: String
    }

    /// Identifiers, words of closed lists and amounts only: nothing needs quotes.
    private static func line(_ event: SimulationEventRecord) throws -> String {
        let sections =
            try event.sections.map { try JSONDecoder().decode([Section].self, from: Data($0.text.utf8)) } ?? []
        return [
            event.at.description, event.kind, event.customer.description, event.enrolment?.description ?? "",
            event.step ?? "", event.channel ?? "", event.stage.map(String.init) ?? "", event.reason?.rawValue ?? "",
            event.task ?? "", sections.map { "\($0.amount) \($0.currency)" }.joined(separator: " + "),
        ].joined(separator: ",") + "\n"
    }
}
