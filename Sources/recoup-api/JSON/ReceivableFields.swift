import Dunning
import Operations
import Store

/// Reading of what receivables are named by.
extension Fields {
    /// `customer_id`, or `customer_external_id` for what the customer is called where it comes from.
    mutating func debtor() -> Debtor {
        guard let name = line(optional: "customer_external_id", upTo: 200) else { return .id(id("customer_id")) }
        if given("customer_id") != nil {
            refuse("customer_external_id", "one_of", "name the customer by customer_id or by this, not by both")
        }
        return .externalID(name)
    }

    /// Nil where none are told: the money goes to the oldest debt.
    mutating func shares(of currency: Currency, from source: String) -> [PaymentShare]? {
        guard has("allocations") else { return nil }
        return objects("allocations", upTo: 1_000) { $0.share(of: currency, from: source) }
    }

    private mutating func share(of currency: Currency, from source: String) -> PaymentShare {
        let amount = money("amount")
        if amount.currency != currency {
            refuse("amount", "wrong_currency", "must be in the currency of the whole, \(currency.code)")
        }
        guard let name = line(optional: "invoice_external_id", upTo: 200) else {
            return PaymentShare(.id(id("invoice_id")), amount.minor)
        }
        if given("invoice_id") != nil {
            refuse("invoice_external_id", "one_of", "name the invoice by invoice_id or by this, not by both")
        }
        let named = SourceName(name, source: line(optional: "source", upTo: 64) ?? source)
        return PaymentShare(.name(named), amount.minor)
    }

    /// Empty where none are told.
    mutating func instalments(of currency: Currency) -> [Instalment] {
        objects("instalments", upTo: Instalment.limit, isOptional: true) { fields in
            let (due, amount) = (fields.day("due_date"), fields.money("amount"))
            if amount.currency != currency {
                fields.refuse("amount", "wrong_currency", "must be in the currency of the invoice, \(currency.code)")
            }
            return Instalment(dueDate: due, amount: amount.minor)
        }
    }

    /// What the source says of its own state: a number that grows, such as a time in microseconds. 0: nothing.
    mutating func version() -> Int64 {
        Int64(int(optional: "version", in: 1...Int(Money.largest)) ?? 0)
    }

    /// What write-offs, reversals and refunds say alike. The values are checked by the operation's own rule.
    mutating func posting(from source: String, reason: String? = nil) throws(Rejection) -> PostingRequest {
        try PostingRequest(
            SourceName(line("external_id", upTo: 200), source: source), amount: money(optional: "amount"),
            valueDate: day(optional: "value_date"), reason: reason ?? line("reason", upTo: 64),
            note: lines(optional: "note", upTo: 2_000) ?? "")
    }
}
