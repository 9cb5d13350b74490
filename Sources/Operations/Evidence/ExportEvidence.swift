package import Dunning
package import Postgres
import Store

/// Makes the evidence of a case as it is now, and notes that somebody took it.
package struct ExportEvidence: Sendable {
    let enrolment: ID<Enrolment>

    package init(_ enrolment: ID<Enrolment>) { self.enrolment = enrolment }

    package func run(in tx: inout Transaction, _ context: Context) throws -> EvidencePack {
        let pack = try EvidencePack.make(of: enrolment, in: &tx, context)
        try tx.audit(
            context, action: "evidence.exported", subject: enrolment.uuid,
            customer: try tx.customer(of: enrolment), detail: ["sha256": pack.sha256])
        return pack
    }
}
