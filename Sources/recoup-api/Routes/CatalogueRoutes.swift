import Dunning
import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Store

extension Route {
    static let catalogue: [Route] = [
        .tenant(.get, "/v1/catalogue") { call in
            let names = try await call.read { tx in
                try ReadyMadeWorkflow.all.map { try tx.workflow(named: $0.document.name)?.id }
            }
            return .ok(CatalogueResponse(data: zip(ReadyMadeWorkflow.all, names).map(ReadyMadeResponse.init)))
        },
        .tenant(.get, "/v1/catalogue/{name}") { call in
            let ready = try call.readyMade()
            let there = try await call.read { try $0.workflow(named: ready.document.name)?.id }
            return .ok(ReadyMadeDetailResponse(ready, there))
        },
        .tenant(.post, "/v1/catalogue/{name}") { call in
            let install = try InstallWorkflow(try call.readyMade().key)
            let result = try await call.write { try install.run(in: &$0, $1) }
            return .made(InstalledResponse(result), isNew: result.isNew)
        },
    ]
}

extension Call where Caller == TenantKey {
    fileprivate func readyMade() throws(Rejection) -> ReadyMadeWorkflow {
        guard let ready = context.parameters.get("name").flatMap(ReadyMadeWorkflow.named) else {
            throw .notFound("ready-made workflow")
        }
        return ready
    }
}

struct CatalogueResponse: Encodable, Sendable {
    let data: [ReadyMadeResponse]
}

/// A ready-made workflow, as the catalogue lists it.
struct ReadyMadeResponse: Encodable, Sendable {
    let name: String
    /// What the workflow is called in a tenant.
    let workflow: String
    let purpose: String
    let channels: [String]
    let tones: [String]
    let locales: [LanguageTag]
    let templates: [String]
    /// The tenant's workflow of that name, where there is one.
    @OrNull var workflowId: ID<Workflow>?

    init(_ ready: ReadyMadeWorkflow, _ there: ID<Workflow>?) {
        name = ready.key
        workflow = ready.document.name
        purpose = ready.purpose
        channels = ready.channels.map(\.rawValue)
        tones = ready.tones.map(\.rawValue)
        locales = DefaultTemplate.languages
        templates = ready.letters.map(\.name)
        workflowId = there
    }
}

/// The same with its document.
struct ReadyMadeDetailResponse: Encodable, Sendable {
    let entry: ReadyMadeResponse
    let document: DocumentResponse

    init(_ ready: ReadyMadeWorkflow, _ there: ID<Workflow>?) {
        entry = ReadyMadeResponse(ready, there)
        document = DocumentResponse(ready.document.value())
    }
}

struct InstalledResponse: Encodable, Sendable {
    let workflow: WorkflowResponse
    let templatesMade: [String]

    init(_ result: InstallWorkflow.Result) {
        workflow = WorkflowResponse(result.workflow)
        templatesMade = result.templatesMade
    }
}
