import Dunning

/// An invented ledger: the same for the same seed and day, with debts of all ages.
struct DemoLedger {
    private var generator: SplitMix
    private let today: Day

    init(seed: UInt64, today: Day) {
        generator = SplitMix(state: seed)
        self.today = today
    }

    static let mapping = """
        {"date_format": "yyyy-MM-dd", "fields": {
            "customer.external_id": {"column": "customer"}, "customer.name": {"column": "name"},
            "contact.email": {"pattern": "accounts@{customer}.example"}, "contact.name": {"column": "contact"},
            "invoice.external_id": {"column": "invoice"}, "invoice.number": {"column": "invoice"},
            "invoice.issue_date": {"column": "issued"}, "invoice.due_date": {"column": "due"},
            "invoice.amount": {"column": "amount"}, "invoice.currency": {"constant": "USD"},
            "payment.value_date": {"column": "paid"}, "payment.method": {"constant": "transfer"}}}
        """

    /// CSV for ``mapping``: one to five invoices for each customer, due between 75 days ago and 25 days from now; half
    /// of those that are due were paid.
    mutating func csv(customers: Int) -> String {
        var lines = ["customer,name,contact,invoice,issued,due,amount,paid"]
        var number = 1_000
        for index in 0..<customers {
            let first = Self.firsts[index % Self.firsts.count]
            let second = Self.seconds[(index / Self.firsts.count * 7 + index * 3) % Self.seconds.count]
            let contact = "\(pick(Self.givenNames)) \(pick(Self.familyNames))"
            let key = "\(first)-\(second)".lowercased()
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                number += Int.random(in: 1...9, using: &generator)
                let due = today.adding(Int.random(in: -75...25, using: &generator))
                let cents = Int.random(in: 8_000...480_000, using: &generator)
                let isPaid = due <= today && Bool.random(using: &generator)
                let late = Int.random(in: -6...12, using: &generator)
                let paid = isPaid ? min(today, due.adding(late)).description : ""
                let amount = "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
                lines.append(
                    "\(key),\(first) \(second) Inc.,\(contact),R-\(number),\(due.adding(-30)),\(due),\(amount),\(paid)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func pick(_ words: [String]) -> String {
        words[Int.random(in: words.indices, using: &generator)]
    }

    private static let firsts = [
        "Alder", "Bluff", "Cedar", "Dune", "Ember", "Fjord", "Grove", "Harbor", "Iris", "Juniper", "Kestrel", "Lantern",
        "Meadow", "North", "Orchard", "Pebble", "Quarry", "Ridge", "Sable", "Thistle",
    ]
    private static let seconds = [
        "Bakery", "Dental", "Freight", "Garden", "Instruments", "Joinery", "Logistics", "Press", "Roofing", "Studio",
        "Textiles",
    ]
    private static let givenNames = ["Ada", "Ben", "Chiara", "Dev", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jonas"]
    private static let familyNames = [
        "Abara", "Brandt", "Costa", "Dubois", "Eriksen", "Flores", "Grant", "Haddad", "Ito",
    ]
}

/// A small generator with a seed (Steele, Lea and Flood, 2014); for invented data, never for secrets.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
