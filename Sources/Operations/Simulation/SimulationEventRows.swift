import Dunning
import Foundation
import Postgres
import Store

/// What happened to some customers in a simulation, as rows.
enum SimulationEventRows {
    private struct Section: Encodable {
        let caseID: String
        let step: String
        let amount: String
        let currency: String
        let invoices: [String]
        let isFirst: Bool

        enum CodingKeys: String, CodingKey {
            case caseID = "case_id"
            case isFirst = "is_first"
            case step, amount, currency, invoices
        }

        init(_ section: SimulatedMessage.Section) {
            caseID = section.enrolment.description
            step = section.step
            amount = Money(minor: section.amount, currency: section.currency).decimal
            currency = section.currency.code
            invoices = section.invoices.map(\.description)
            isFirst = section.isFirst
        }
    }

    /// - Parameter customers: whose case each is.
    static func rows(
        _ events: [SimulatedEvent], customers: [ID<Enrolment>: ID<Customer>]
    ) -> [SimulationEventRecord] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var counts: [ID<Customer>: Int] = [:]
        func next(_ customer: ID<Customer>) -> Int {
            counts[customer, default: 0] += 1
            return counts[customer, default: 0]
        }
        return events.compactMap { event in
            switch event {
            case .message(let message):
                return SimulationEventRecord(
                    customer: message.customer, seq: next(message.customer), at: message.at, kind: "message",
                    day: message.day, enrolment: message.sections.first?.enrolment, step: message.sections.first?.step,
                    reason: message.isAccepted ? nil : .undeliverable, channel: message.channel.rawValue,
                    stage: message.stage, sections: Self.json(message.sections, encoder))
            case .inApp(let notice):
                return SimulationEventRecord(
                    customer: notice.customer, seq: next(notice.customer), at: notice.at, kind: "in_app",
                    enrolment: notice.section.enrolment, step: notice.section.step, stage: notice.stage,
                    sections: Self.json([notice.section], encoder))
            case .skip(let skip):
                return SimulationEventRecord(
                    customer: skip.customer, seq: next(skip.customer), at: skip.at, kind: "skip",
                    enrolment: skip.enrolment, step: skip.step, reason: skip.reason)
            case .task(let task):
                return SimulationEventRecord(
                    customer: task.customer, seq: next(task.customer), at: task.at, kind: "task",
                    enrolment: task.enrolment, step: task.step, task: task.kind)
            case .exit(let at, let enrolment, let reason):
                return customers[enrolment].map { customer in
                    SimulationEventRecord(
                        customer: customer, seq: next(customer), at: at, kind: "exit", enrolment: enrolment,
                        reason: reason)
                }
            }
        }
    }

    private static func json(_ sections: [SimulatedMessage.Section], _ encoder: JSONEncoder) -> JSONText {
        // Plain values always encode.
        let data = (try? encoder.encode(sections.map(Section.init))) ?? Data("[]".utf8)
        return JSONText(String(decoding: data, as: UTF8.self))
    }
}
