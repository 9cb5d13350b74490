import Dunning
import Files

/// A whole import file: read, checked, and free of contradictions within itself.
struct LedgerFile: Sendable {
    /// Rows of which at least one part is good, customer by customer.
    let customers: [[LedgerRow]]
    /// By line, at most one per line and part.
    let problems: [ImportProblem]
    /// Records below the header.
    let rowCount: Int

    /// Throws ``Rejection`` when the file as a whole cannot be read: no header, a mapped column missing, damaged.
    init(_ bytes: [UInt8], mapping: ImportMapping, today: Day) throws(Rejection) {
        var rows: [LedgerRow] = []
        var problems: [ImportProblem] = []
        var count = 0
        do {
            var reader = try LedgerReader(ByteSource(bytes: bytes), mapping: mapping, today: today)
            while let (row, found) = try reader.next() {
                count += 1
                problems += found
                if row.customer != nil { rows.append(row) }
            }
        } catch {
            throw Self.rejection(error)
        }
        Self.removeContradictions(from: &rows, &problems)
        let faulty = Set(problems.map(\.row))
        for index in rows.indices where faulty.contains(rows[index].number) { rows[index].hasProblem = true }
        var order: [String: Int] = [:]
        var groups: [[LedgerRow]] = []
        for row in rows {
            guard let customer = row.customer?.externalID else { continue }
            if let index = order[customer] {
                groups[index].append(row)
            } else {
                order[customer] = groups.count
                groups.append([row])
            }
        }
        // Two imports that write the same things write them in the same order, and so never wait for each other in a
        // circle.
        customers = groups.sorted { ($0.first?.customer?.externalID ?? "") < ($1.first?.customer?.externalID ?? "") }
        self.problems = problems.sorted { ($0.line, $0.part.order) < ($1.line, $1.part.order) }
        rowCount = count
    }

    private static func rejection(_ error: any Error) -> Rejection {
        switch error {
        case let error as Rejection: return error
        case let error as FileError: return .invalid("", error.code.rawValue, error.description)
        default: preconditionFailure("bytes in memory cannot fail to be read: \(error)")
        }
    }

    /// The same external id with other values: nobody can say which row is right, so none is taken (architecture 5.5).
    private static func removeContradictions(from rows: inout [LedgerRow], _ problems: inout [ImportProblem]) {
        func remove<Value: Hashable>(
            _ part: ImportProblem.Part, _ field: String, _ noun: String, key: (LedgerRow) -> String?,
            value: (LedgerRow) -> Value?, clear: (inout LedgerRow) -> Void
        ) {
            var first: [String: (value: Value, line: Int)] = [:]
            var disputed: [String: (first: Int, second: Int)] = [:]
            for row in rows {
                guard let key = key(row), let value = value(row) else { continue }
                guard let known = first[key] else {
                    first[key] = (value, row.line)
                    continue
                }
                if known.value != value, disputed[key] == nil { disputed[key] = (known.line, row.line) }
            }
            guard !disputed.isEmpty else { return }
            for index in rows.indices {
                guard let key = key(rows[index]), value(rows[index]) != nil, let lines = disputed[key] else { continue }
                let other = rows[index].line == lines.first ? lines.second : lines.first
                problems.append(
                    ImportProblem(
                        line: rows[index].line, row: rows[index].number, part: part, field: field,
                        code: "contradiction", message: "\(noun) has other values in line \(other); neither is taken"))
                clear(&rows[index])
            }
        }
        remove(
            .customer, "customer.external_id", "customer", key: \.customer?.externalID, value: \.customer,
            clear: { $0.customer = nil })
        rows.removeAll { $0.customer == nil }
        remove(
            .contact, "contact.email", "the contact of customer", key: \.customer?.externalID, value: \.contact,
            clear: { $0.contact = nil })
        remove(
            .invoice, "invoice.external_id", "invoice", key: \.invoice?.externalID, value: \.invoice,
            clear: {
                $0.invoice = nil
                $0.payment = nil
            })
        remove(
            .payment, "payment.external_id", "payment", key: \.payment?.externalID, value: \.payment,
            clear: { $0.payment = nil })
    }
}

extension ImportProblem.Part {
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
