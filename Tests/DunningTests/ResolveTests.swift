import Dunning
import Testing

@Suite struct `The workflow of a new case` {
    private let own = ID<Workflow>(CaseFixture.uuid(1))
    private let brand = ID<Workflow>(CaseFixture.uuid(2))
    private let tenant = ID<Workflow>(CaseFixture.uuid(3))

    @Test func `is the customer's own, else the brand's, else the tenant's, and says which`() {
        func resolved(_ pins: (ID<Workflow>?, ID<Workflow>?, ID<Workflow>?)) -> [String] {
            Resolve.workflow(customer: pins.0, brand: pins.1, tenant: pins.2)
                .map { [$0.source.rawValue, $0.workflow.description] } ?? []
        }
        #expect(resolved((own, brand, tenant)) == ["customer", own.description])
        #expect(resolved((own, nil, nil)) == ["customer", own.description])
        #expect(resolved((nil, brand, tenant)) == ["brand", brand.description])
        #expect(resolved((nil, nil, tenant)) == ["tenant", tenant.description])
        #expect(resolved((nil, nil, nil)).isEmpty)
    }
}
