import Dunning
import Files

/// Turns records into rows by a mapping, whose columns are looked up in the header once.
struct RowParser {
    let mapping: ImportMapping
    /// In the brand's zone: money cannot have come in after it.
    let today: Day
    let columns: [String]
    let bindings: [Binding]
    let has: (traits: Bool, contact: Bool, invoice: Bool, payment: Bool, credit: Bool)
    var zones = ZoneNames()
    var instalments = JSONArrayReader(paths: ["due_date", "amount"])

    /// Throws ``Rejection`` for every mapped column that the file lacks.
    init(_ mapping: ImportMapping, columns: [String], today: Day) throws(Rejection) {
        let places = Dictionary(columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var problems: [FieldProblem] = []
        func place(_ column: String, _ target: ImportTarget) -> Int {
            guard let found = places[column] else {
                let detail = "the header in line 1 has no column \(column)"
                problems.append(
                    FieldProblem(pointer: "/fields/\(target.name)", code: "missing_column", detail: detail))
                return 0
            }
            return found
        }
        bindings = ImportTarget.allCases.map { target in
            switch mapping.sources[target] {
            case nil: .unmapped
            case .column(let name): .column(place(name, target))
            case .constant(let text): .constant(Array(text.trimmed.utf8))
            case .pattern(let pattern):
                .pattern(
                    pattern.parts.map { part in
                        switch part {
                        case .text(let text): .text(Array(text.utf8))
                        case .column(let name): .column(place(name, target))
                        }
                    })
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        self.mapping = mapping
        self.columns = columns
        self.today = today
        has = (
            mapping.hasTraits, mapping.has(.contact), mapping.has(.invoice), mapping.has(.payment),
            mapping.has(.creditNote)
        )
    }

    /// The parts of a record that are right, and what is wrong with the others.
    mutating func row(_ record: Record) -> (row: LedgerRow, problems: [ImportProblem]) {
        var row = LedgerRow(line: record.line, number: record.number)
        if let fault = record.fault {
            row.hasProblem = true
            return (row, [ImportProblem(fault, row: record.number)])
        }
        var problems: [ImportProblem] = []
        let texts = RowTexts(record: record, bindings: bindings, columns: columns)
        do throws(PartFlaw) {
            row.customer = try Self.part(.customer) { () throws(Flaw) in try customer(texts) }
            if has.contact, row.customer != nil {
                do throws(PartFlaw) {
                    row.contact = try Self.part(.contact) { () throws(Flaw) in try contact(texts) }
                } catch {
                    problems.append(ImportProblem(error, of: row))
                }
            }
            if has.credit {
                do throws(PartFlaw) {
                    row.credit = try Self.part(.creditNote) { () throws(Flaw) in try credit(texts, row) }
                } catch {
                    problems.append(ImportProblem(error, of: row))
                }
            }
            if has.invoice, row.customer != nil {
                try Self.part(.invoice) { () throws(Flaw) in try takeInvoice(texts, into: &row) }
            }
            if has.payment { row.payment = try Self.part(.payment) { () throws(Flaw) in try payment(texts, row) } }
        } catch {
            problems.append(ImportProblem(error, of: row))
        }
        row.hasProblem = !problems.isEmpty
        return (row, problems)
    }

    struct PartFlaw: Error {
        let part: ImportProblem.Part
        let flaw: Flaw
    }

    private static func part<Value>(
        _ part: ImportProblem.Part, _ body: () throws(Flaw) -> Value
    ) throws(PartFlaw) -> Value {
        do throws(Flaw) { return try body() } catch { throw PartFlaw(part: part, flaw: error) }
    }
}

extension ImportProblem {
    init(_ error: RowParser.PartFlaw, of row: LedgerRow) {
        self.init(
            line: row.line, row: row.number, part: error.part, field: error.flaw.field, column: error.flaw.column,
            code: error.flaw.code, message: error.flaw.message)
    }

    /// A record that could not be read.
    init(_ fault: Fault, row: Int) {
        let place = fault.column.map { "field \($0)\(fault.name.map { " (\($0))" } ?? ""): " } ?? ""
        self.init(
            line: fault.line, row: row, part: .row, field: fault.column.map(String.init) ?? "", column: fault.name,
            code: fault.code.rawValue, message: place + fault.message)
    }
}
