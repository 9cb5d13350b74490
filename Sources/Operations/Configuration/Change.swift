/// What a request for change says about one field: nothing, or the new value.
package enum Change<Value: Sendable>: Sendable {
    case keep
    case to(Value)

    package func applied(to old: Value) -> Value {
        switch self {
        case .keep: old
        case .to(let new): new
        }
    }

    package var isKept: Bool {
        if case .keep = self { true } else { false }
    }
}
