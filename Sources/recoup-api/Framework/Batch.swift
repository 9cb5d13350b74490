import Dunning
import HTTPTypes
import Operations
import Postgres

extension Route {
    static let batchLimit = 500

    /// Takes many things of one kind at once, each in a transaction of its own: one that is refused never sinks the others. The
    /// answer says of each what the route for a single one would have.
    static func batch<Item: Sendable>(
        _ path: String, hasSource: Bool = true,
        reading read: @escaping @Sendable (inout Fields, String) throws -> Item,
        _ write: @escaping @Sendable (Item, inout Transaction, Operations.Context) throws -> (id: String, isNew: Bool)
    ) -> Route {
        .tenant(.post, path, query: hasSource ? ["source"] : []) { call in
            let items = try await call.body { $0.values("items", upTo: batchLimit) }
            var outcomes: [BatchOutcome] = []
            for (index, item) in items.enumerated() {
                do {
                    let item = try Fields.read(item) { try read(&$0, call.source) }
                    let (id, isNew) = try await call.write { try write(item, &$0, $1) }
                    outcomes.append(BatchOutcome(index: index, status: isNew ? 201 : 200, id: id))
                } catch {
                    outcomes.append(BatchOutcome(index: index, Problem(error, for: call.request)))
                }
            }
            return Answer(status: HTTPResponse.Status(code: 207), body: ListResponse(data: outcomes))
        }
    }
}

/// What became of one item: its id, or the problem with it.
struct BatchOutcome: Encodable, Sendable {
    struct Fault: Encodable, Sendable {
        let pointer: String
        let code: String
        let detail: String
    }

    let index: Int
    let status: Int
    @OrNull var id: String?
    @OrNull var code: String?
    @OrNull var detail: String?
    let errors: [Fault]

    init(index: Int, status: Int, id: String) {
        self.index = index
        self.status = status
        self.id = id
        errors = []
    }

    init(index: Int, _ problem: Problem) {
        self.index = index
        status = problem.status
        code = problem.code
        detail = problem.detail
        // A pointer leads into the whole body; one that leads nowhere in it (the query) stays.
        errors = problem.errors.map { fault in
            let place = fault.pointer.isEmpty || fault.pointer.hasPrefix("/")
            return Fault(
                pointer: place ? "/items/\(index)\(fault.pointer)" : fault.pointer, code: fault.code,
                detail: fault.detail)
        }
    }
}
