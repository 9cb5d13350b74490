import Foundation

/// A large invented ledger as NDJSON: a tenth as many customers as invoices in no order, seven of ten invoices paid.
struct BenchLedger {
    let rows: Int
    let file: URL

    static let mapping = """
        {"format": "ndjson", "fields": {
            "customer.external_id": {"column": "customer.id"}, "customer.name": {"column": "customer.name"},
            "contact.email": {"pattern": "{customer.id}@debtor.example"},
            "invoice.external_id": {"column": "id"}, "invoice.number": {"column": "number"},
            "invoice.issue_date": {"column": "issued"}, "invoice.due_date": {"column": "due"},
            "invoice.amount": {"column": "amount"}, "invoice.currency": {"column": "currency"},
            "payment.external_id": {"column": "payment.id"}, "payment.value_date": {"column": "payment.date"},
            "payment.amount": {"column": "payment.amount"}}}
        """

    init(rows: Int, in folder: URL) throws {
        self.rows = rows
        file = folder.appending(path: "ledger.ndjson")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        var random = SplitMix(state: 20_130_401)
        var text = ""
        for row in 0..<rows {
            let customer = Int.random(in: 0..<max(1, rows / 10), using: &random)
            let cents = Int.random(in: 1_000...500_000, using: &random)
            let (month, day) = (Int.random(in: 1...9, using: &random), Int.random(in: 1...28, using: &random))
            let amount = "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
            text += #"{"id":"INV-\#(row)","number":"2024-\#(row)","customer":{"id":"C\#(customer)","name":"Customer "#
            text += #"\#(customer) Trading"},"issued":"2024-0\#(month)-\#(day < 10 ? "0" : "")\#(day)","due":"2024-"#
            text += #"\#(month < 9 ? "0" : "")\#(month + 1)-\#(day < 10 ? "0" : "")\#(day)","amount":"\#(amount)","#
            text += #""currency":"USD""#
            if Int.random(in: 0..<10, using: &random) < 7 {
                text += #","payment":{"id":"P-\#(row)","date":"2024-1\#(day % 3)-15","amount":"\#(amount)"}"#
            }
            text += "}\n"
            if text.utf8.count > 1_000_000 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }
}
