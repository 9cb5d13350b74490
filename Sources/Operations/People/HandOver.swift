package import Dunning
package import Postgres
package import Store

/// Gives a case to an agency, with the evidence. Nothing else happens to the case while the agency has it; a payment ends it as
/// ever.
///
/// Refused, with everything that is missing, unless the debt is large and old enough for the agency, and a final notice has
/// arrived and was not answered in time. Only invoices that such a notice listed are handed over.
package struct HandOver: Sendable {
    let enrolment: ID<Enrolment>
    let agency: ID<Agency>
    let note: String

    package init(_ enrolment: ID<Enrolment>, to agency: ID<Agency>, note: String = "") throws(Rejection) {
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        self.enrolment = enrolment
        self.agency = agency
        self.note = note
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> HandoverRecord {
        guard let customer = try tx.customer(of: enrolment) else { throw Rejection.notFound("case") }
        guard let agency = try tx.agency(agency) else {
            throw Rejection.invalid("/agency_id", "unknown_agency", "there is no such agency")
        }
        try PlanCases.lock(customers: [customer], in: &tx)
        let cases = try tx.loadCases(customers: [customer], now: context.now)
        guard let loaded = cases.first(where: { $0.id == enrolment }) else {
            throw Rejection.forbiddenByState(code: "case_closed", detail: "The case has ended.")
        }
        guard loaded.facts.state.status != .handedOver else {
            throw Rejection.forbiddenByState(code: "handed_over", detail: "An agency has the case already.")
        }
        guard loaded.open?.isSending != true else {
            throw Rejection.forbiddenByState(
                code: "on_the_wire", detail: "A message of the case is on the wire: try again in a minute.")
        }
        let check = try Self.check(loaded, agency, in: &tx, context)
        guard check.unmet.isEmpty, let notice = check.notice else {
            throw Rejection.forbiddenByState(
                code: "handover_unmet",
                detail: "The case cannot be handed over to \(agency.name) yet: \(check.unmet.joined(separator: "; ")).")
        }
        return try hand(loaded, to: agency, check, notice: notice, in: &tx, context)
    }

    /// What the agency would get, and what is missing for it.
    package static func check(
        _ loaded: LoadedCase, _ agency: AgencyRecord, in tx: inout Transaction, _ context: Context
    ) throws -> HandoverCheck {
        HandoverCheck(
            loaded.facts, terms: agency.terms, notices: try tx.finalNotices(of: loaded.id), now: context.now)
    }

    private func hand(
        _ loaded: LoadedCase, to agency: AgencyRecord, _ check: HandoverCheck, notice: ID<Message>,
        in tx: inout Transaction, _ context: Context
    ) throws -> HandoverRecord {
        let pack = try EvidencePack.make(of: enrolment, in: &tx, context)
        var state = loaded.facts.state
        let handover = HandoverRecord(
            id: .make(at: context.now), state: state, agency: agency.id, amount: check.amount, shares: check.shares,
            finalNotice: notice, note: note, packSHA256: pack.sha256, at: context.now)
        try tx.insert(handover, pack: pack.bytes)
        state.status = .handedOver
        try tx.updateCases([state], at: context.now)
        try tx.callOff(context, [(enrolment, .handedOver)])
        try tx.emit(
            context,
            Emission(
                .handoverMade, handover.id, customer: state.customer,
                [
                    "case_id": .text(enrolment.description), "agency_id": .text(agency.id.description),
                    "amount": .text(handover.amount.decimal), "currency": .text(state.currency.code),
                ]))
        try tx.audit(
            context, action: "case.handed_over", subject: enrolment.uuid, customer: state.customer,
            detail: [
                "agency": agency.id.description, "handover": handover.id.description,
                "amount": handover.amount.decimal, "currency": state.currency.code, "evidence": pack.sha256,
            ])
        try PlanCases.replan(customers: [state.customer], cause: "handover", in: &tx, context)
        return handover
    }
}

/// Takes a case back from an agency: it goes on where it was. Taking it back again changes nothing.
package struct RecallHandover: Sendable {
    let handover: ID<Handover>
    let reason: String

    package init(_ handover: ID<Handover>, reason: String) throws(Rejection) {
        try Word.check(reason, at: "/reason")
        self.handover = handover
        self.reason = reason
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> HandoverRecord {
        guard let found = try tx.handover(handover) else { throw Rejection.notFound("handover") }
        try PlanCases.lock(customers: [found.customer], in: &tx)
        if try tx.endHandover(handover, as: .recalled, reason: reason, at: context.now) {
            let cases = try tx.loadCases(customers: [found.customer], now: context.now)
            if var state = cases.first(where: { $0.id == found.enrolment })?.facts.state {
                state.status = .active
                try tx.updateCases([state], at: context.now)
            }
            try tx.audit(
                context, action: "case.recalled", subject: found.enrolment.uuid, customer: found.customer,
                detail: ["agency": found.agency.description, "handover": handover.description, "reason": reason])
            try tx.emit(
                context,
                Emission(
                    .handoverRecalled, handover, customer: found.customer,
                    [
                        "case_id": .text(found.enrolment.description), "agency_id": .text(found.agency.description),
                        "reason": .text(reason),
                    ]))
            try PlanCases.replan(customers: [found.customer], cause: "recall", in: &tx, context)
        }
        guard let record = try tx.handover(handover) else { preconditionFailure("handovers are never deleted") }
        return record
    }
}
