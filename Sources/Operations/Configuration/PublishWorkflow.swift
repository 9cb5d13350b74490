package import Dunning
package import Postgres
package import Store

/// Publishes steps, as a new workflow or as a new version of one. Open cases go on under the version they began with.
package struct PublishWorkflow: Sendable {
    package enum Target: Sendable {
        case new(name: String)
        case version(of: ID<Workflow>)
    }

    let target: Target
    let steps: WorkflowSteps
    let gapDays: Int
    let limits: WorkflowLimits

    /// - Parameter gapDays: the least distance between two contacts of a case, in civil days, 0...365.
    package init(
        _ target: Target, steps: WorkflowSteps, gapDays: Int = 7,
        limits: WorkflowLimits = WorkflowLimits(maxContacts: WorkflowLimits.standardContacts)
    ) throws(Rejection) {
        if case .new(let name) = target { try TextRule.line(upTo: 200).check(name, at: "/name") }
        guard (0...365).contains(gapDays) else {
            throw .invalid("/escalation_gap_days", "out_of_range", "must be from 0 to 365")
        }
        self.target = target
        self.steps = steps
        self.gapDays = gapDays
        self.limits = limits
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> WorkflowRecord {
        let id: ID<Workflow>
        var number = 1
        switch target {
        case .new(let name):
            id = .make(at: context.now)
            try tx.insertWorkflow(id, named: name, at: context.now)
        case .version(let workflow):
            guard let old = try tx.lockedWorkflow(workflow) else { throw Rejection.notFound("workflow") }
            try old.refuseArchived()
            id = workflow
            number = old.number + 1
        }
        try refuseUnknownTemplates(in: &tx)
        try tx.publish(
            steps.list, gapDays: gapDays, limits: limits, as: .make(at: context.now), number: number, of: id,
            at: context.now)
        guard let record = try tx.workflow(id) else { preconditionFailure("the workflow was stored above") }
        try tx.audit(
            context, action: "workflow.published", subject: id.uuid,
            detail: ["name": record.name, "version": "\(number)", "steps": "\(steps.list.count)"])
        return record
    }

    /// The foreign key would refuse the unknown too, but could not say which step.
    func refuseUnknownTemplates(in tx: inout Transaction) throws {
        var problems: [FieldProblem] = []
        for (index, step) in steps.list.enumerated() {
            guard let template = step.template else { continue }
            let pointer = "/steps/\(index)/template_id"
            guard let record = try tx.template(template) else {
                problems.append(
                    FieldProblem(pointer: pointer, code: "unknown_template", detail: "there is no such template"))
                continue
            }
            // Languages are looked up by channel, so the default one is what everybody can fall back to.
            for channel in step.channels where !record.source.speaks(by: channel) {
                problems.append(
                    FieldProblem(
                        pointer: pointer, code: "template_mismatch",
                        detail: "the template has no words for \(channel) in its default language"))
            }
        }
        guard problems.isEmpty else { throw Rejection.invalid(problems) }
    }
}

extension WorkflowRecord {
    /// Versions are for workflows in use: an archived one is restored first.
    func refuseArchived() throws(Rejection) {
        guard archivedAt == nil else {
            throw .forbiddenByState(
                code: "workflow_archived", detail: "The workflow is archived: restore it before it gets a version.")
        }
    }
}

extension Step {
    /// Every channel it may speak through.
    fileprivate var channels: [Channel] {
        // What the tenant's own product shows is worded like a mail.
        var channels = [kind == .inApp ? .email : kind.channel].compactMap(\.self)
        if case .channel(let other) = fallback { channels.append(other) }
        return channels
    }
}
