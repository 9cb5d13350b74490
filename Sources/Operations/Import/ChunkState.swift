import Dunning
import Store

/// What is fixed for all chunks of an import.
struct ImportPlan: Sendable {
    let id: ID<Import>
    let mapping: ImportMapping
    let brand: ImportBrand
    /// Of the brand.
    let today: Day
    let entry: EntryPolicy

    /// The brand, where the mapping says which.
    var namedBrand: ID<Brand>? { mapping.brand == nil ? nil : brand.id }
}

/// What is known of a chunk while it is written.
struct ChunkState {
    struct Invoice {
        let id: ID<Dunning.Invoice>
        let customer: ID<Customer>
        let total: Money
    }

    private(set) var rows: [LedgerRow]
    /// By external id; those that were refused are missing, and so is what hangs on them.
    var customers: [String: ID<Customer>] = [:]
    var invoices: [String: Invoice] = [:]
    /// Customers that had an open case before, and invoices that were there.
    var withCase: Set<ID<Customer>> = []
    var known: Set<ID<Dunning.Invoice>> = []
    /// Invoices written and not booked yet.
    var opened: [NewInvoice] = []
    /// Whose cases have to be planned anew.
    var touched: Set<ID<Customer>> = []
    /// Rows that brought something.
    var isNew: Set<Int> = []
    private(set) var problems: [ImportProblem] = []
    private var totals = ImportCounts()

    init(rows: [LedgerRow]) {
        self.rows = rows
    }

    var counts: ImportCounts {
        get {
            var counts = totals
            let faulty = Set(problems.map(\.line))
            counts.errors = problems.count
            counts.unchanged = rows.indices.count {
                !isNew.contains($0) && !rows[$0].hasProblem && !faulty.contains(rows[$0].line)
            }
            return counts
        }
        set { totals = newValue }
    }

    /// Each different external id once, with the first row that has it, in the order of the ids: two imports that write
    /// the same things then never wait for each other in a circle.
    func firsts<Part>(
        _ part: KeyPath<LedgerRow, Part?>, key: KeyPath<Part, String>
    ) -> [(key: String, part: Part, index: Int)] {
        var first: [String: (Part, Int)] = [:]
        for index in rows.indices {
            guard let value = rows[index][keyPath: part], first[value[keyPath: key]] == nil else { continue }
            first[value[keyPath: key]] = (value, index)
        }
        return first.map { ($0.key, $0.value.0, $0.value.1) }.sorted { $0.key < $1.key }
    }

    /// Refuses a part in all rows that have it: what is stored under its external id has other values.
    mutating func differs(
        _ part: ImportProblem.Part, _ field: String, _ what: String, where isIt: (LedgerRow) -> Bool
    ) {
        for row in rows where isIt(row) {
            problems.append(
                ImportProblem(
                    line: row.line, row: row.number, part: part, field: field, code: "differs_from_stored",
                    message: "\(what) is stored with other values; an import does not change what is there"))
        }
    }
}
