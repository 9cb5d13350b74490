package import Dunning
package import Postgres
package import Store

/// Makes an agency known, or changes the conditions under which it takes a case. What it has already stays as it is.
package struct SaveAgency: Sendable {
    package enum Target: Sendable, Hashable {
        case new
        case known(ID<Agency>)
    }

    let target: Target
    let name: String
    let email: EmailAddress?
    let terms: AgencyTerms

    package init(_ target: Target, name: String, email: EmailAddress?, terms: AgencyTerms) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name, at: "/name")
        guard (1...200).contains(terms.minimums.count) else {
            throw .invalid("/minimums", "out_of_range", "name 1 to 200 currencies with the least it takes of each")
        }
        for (index, minimum) in terms.minimums.enumerated() {
            if terms.minimums[..<index].contains(where: { $0.currency == minimum.currency }) {
                throw .invalid("/minimums/\(index)/currency", "duplicate", "this currency has a minimum already")
            }
        }
        self.target = target
        self.name = name
        self.email = email
        self.terms = terms
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> AgencyRecord {
        switch target {
        case .new:
            let agency = AgencyRecord(
                id: .make(at: context.now), name: name, email: email?.text, terms: terms, at: context.now)
            guard try tx.insert(agency) else { throw Rejection.conflict(noun: "agency", identifier: name) }
            try tx.audit(context, action: "agency.created", subject: agency.id.uuid, detail: ["name": name])
            return agency
        case .known(let id):
            guard var agency = try tx.agency(id) else { throw Rejection.notFound("agency") }
            if agency.name != name, try tx.agency(named: name) != nil {
                throw Rejection.conflict(noun: "agency", identifier: name)
            }
            (agency.name, agency.email, agency.terms) = (name, email?.text, terms)
            try tx.update(agency, at: context.now)
            try tx.audit(context, action: "agency.changed", subject: id.uuid, detail: ["name": name])
            guard let stored = try tx.agency(id) else { preconditionFailure("agencies are never deleted") }
            return stored
        }
    }
}
