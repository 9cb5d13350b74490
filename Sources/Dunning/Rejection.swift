/// Every refusal of a request for business reasons; mapped to an answer at one edge only.
package enum Rejection: Error, Sendable, Equatable {
    /// Values that cannot be accepted, each with where it stands and what to do (422).
    case invalid([FieldProblem])
    /// No such thing for this tenant: absent and "not yours" are the same answer (404).
    case notFound(String)
    /// The same identifier with another content (409). Names the noun and the identifier.
    case conflict(noun: String, identifier: String)
    /// The thing is in a state that forbids the request (409): a stable code and a sentence.
    case forbiddenByState(code: String, detail: String)

    package static func invalid(_ pointer: String, _ code: String, _ detail: String) -> Rejection {
        .invalid([FieldProblem(pointer: pointer, code: code, detail: detail)])
    }

    /// The same, of what stands in a part of the request.
    package func within(_ pointer: String) -> Rejection {
        guard case .invalid(let problems) = self else { return self }
        return .invalid(
            problems.map { FieldProblem(pointer: pointer + $0.pointer, code: $0.code, detail: $0.detail) })
    }
}

/// What is wrong with one field: an RFC 6901 pointer into the request, a stable code, and the fix in words.
package struct FieldProblem: Sendable, Equatable, Error {
    package let pointer: String
    package let code: String
    package let detail: String

    package init(pointer: String, code: String, detail: String) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }
}
