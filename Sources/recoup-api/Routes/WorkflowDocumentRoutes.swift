import Dunning
import HTTPTypes
import Hummingbird
import NIOCore
import Operations
import Store

extension Route {
    /// Workflows as documents a person reads and writes, in YAML; JSON is taken as well, being a part of it.
    static let workflowDocuments: [Route] = [
        .tenantText(.get, "/v1/workflows/{id}/document") { call in
            let name = try call.workflow()
            let document = try await call.find("workflow") { try ReadWorkflow.document(name, in: &$0) }
            return Response(
                status: .ok, headers: [.contentType: "application/yaml"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: YAMLDocument.text(of: document.value()))))
        },
        .tenant(.put, "/v1/workflows/{id}/document", query: ["move_cases", "confirm"]) { call in
            let moves = try call.query.value("move_cases", "not_in_list", "must be true or false") { Bool($0) }
            let put = PutWorkflow(
                try WorkflowDocument(try await call.yaml()), as: try call.workflow(), movesCases: moves ?? false,
                confirmation: try call.query.id("confirm"))
            let result = try await call.write { try put.run(in: &$0, $1) }
            return .made(
                PutWorkflowResponse(
                    workflow: WorkflowResponse(result.record), changes: result.changes), isNew: result.isNew)
        },
        .tenant(.post, "/v1/workflows/lint") { call in
            let value = try await call.yaml()
            return .ok(try await call.read { WorkflowLintResponse(try LintWorkflow.run(value, in: &$0)) })
        },
        .tenant(.post, "/v1/workflows/{id}/diff") { call in
            let (name, document) = (try call.workflow(), try WorkflowDocument(try await call.yaml()))
            let old = try await call.find("workflow") { try ReadWorkflow.document(name, in: &$0) }
            return .ok(WorkflowDiffResponse(changes: WorkflowDiff.changes(from: old, to: document)))
        },
    ]
}

extension Call where Caller == TenantKey {
    /// The workflow in the path, by its id or its name.
    fileprivate func workflow() throws(Rejection) -> WorkflowName { WorkflowName(try externalName()) }

    fileprivate func yaml() async throws -> DocumentValue {
        try YAMLDocument.read(String(decoding: try await Body.yaml(of: request), as: UTF8.self))
    }
}

struct PutWorkflowResponse: Encodable, Sendable {
    let workflow: WorkflowResponse
    /// Empty where the document says what is published already.
    let changes: [WorkflowDiff.Change]
}

struct WorkflowDiffResponse: Encodable, Sendable {
    let changes: [WorkflowDiff.Change]
}

struct WorkflowLintResponse: Encodable, Sendable {
    let isValid: Bool
    let problems: [ProblemResponse]

    struct ProblemResponse: Encodable, Sendable {
        let pointer: String
        let code: String
        let detail: String
    }

    init(_ problems: [FieldProblem]) {
        isValid = problems.isEmpty
        self.problems = problems.map { ProblemResponse(pointer: $0.pointer, code: $0.code, detail: $0.detail) }
    }
}
