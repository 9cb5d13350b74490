import Dunning

/// Three ledgers whose figures were worked out by hand.
enum MetricVectors {
    typealias Row = (id: Int, issued: String, due: String, amount: Int64, currency: String)
    typealias Move = (kind: LedgerModel.Kind, id: Int, day: String, amount: Int64)

    static func ledger(_ rows: [Row], _ moves: [Move]) -> LedgerModel {
        var model = LedgerModel()
        for row in rows {
            let currency = Currency(row.currency)!
            model.invoices.append(.init(id: row.id, due: .iso(row.due), currency: currency))
            model.entries.append(
                .init(kind: .invoice, invoice: row.id, day: .iso(row.issued), amount: row.amount, currency: currency))
        }
        for move in moves {
            let currency = model.invoices.first { $0.id == move.id }!.currency
            model.entries.append(
                .init(
                    kind: move.kind, invoice: move.id, day: .iso(move.day),
                    amount: move.kind == .reversal ? move.amount : -move.amount, currency: currency))
        }
        return model
    }

    /// One currency: a partial payment, a credit note, a dispute, a write-off, a chargeback. First quarter of 2026.
    static let single: LedgerModel = {
        var model = ledger(
            [
                (0, "2025-11-10", "2025-12-10", 400_000, "EUR"), (7, "2025-12-20", "2026-01-19", 900_000, "EUR"),
                (1, "2026-01-05", "2026-02-04", 1_000_000, "EUR"), (2, "2026-01-20", "2026-02-19", 2_000_000, "EUR"),
                (3, "2026-02-03", "2026-03-05", 3_000_000, "EUR"), (4, "2026-02-18", "2026-03-20", 1_200_000, "EUR"),
                (5, "2026-03-02", "2026-04-01", 4_000_000, "EUR"), (6, "2026-03-15", "2026-04-14", 800_000, "EUR"),
            ],
            [
                (.payment, 7, "2026-01-30", 900_000), (.payment, 1, "2026-02-10", 1_000_000),
                (.payment, 2, "2026-02-19", 500_000), (.creditNote, 3, "2026-03-10", 600_000),
                (.writeOff, 0, "2026-03-15", 400_000), (.payment, 3, "2026-03-20", 2_400_000),
                (.payment, 6, "2026-03-28", 800_000), (.reversal, 6, "2026-03-30", 800_000),
            ])
        model.invoices[5].disputedFrom = .iso("2026-03-01")
        return model
    }()

    /// Three currencies, April 2026: a month without sales, and a credit note.
    static let several: LedgerModel = {
        var model = ledger(
            [
                (1, "2026-02-10", "2026-03-12", 1_000_000, "USD"), (2, "2026-03-05", "2026-04-04", 500_000, "EUR"),
                (3, "2026-03-20", "2026-04-19", 200_000, "GBP"),
            ],
            [
                (.payment, 2, "2026-04-10", 500_000), (.payment, 3, "2026-04-15", 50_000),
                (.creditNote, 1, "2026-04-20", 100_000),
            ])
        let usd = Currency("USD")!, gbp = Currency("GBP")!
        model.rates = ExchangeRates(
            base: Currency("EUR")!,
            [
                (usd, .iso("2026-04-30"), 900_000_000_000), (usd, .iso("2026-02-10"), 920_000_000_000),
                (usd, .iso("2026-04-20"), 910_000_000_000), (gbp, .iso("2026-03-20"), 1_150_000_000_000),
                (gbp, .iso("2026-04-15"), 1_155_000_000_000), (gbp, .iso("2026-04-30"), 1_160_000_000_000),
            ])
        return model
    }()

    /// The count-back example in general use: 212,000 open, sales of 70,000, 80,000 and 100,000.
    static let published = ledger(
        [
            (1, "2026-01-15", "2026-02-14", 7_000_000, "EUR"), (2, "2026-02-15", "2026-03-17", 8_000_000, "EUR"),
            (3, "2026-03-15", "2026-04-14", 10_000_000, "EUR"),
        ],
        [(.payment, 1, "2026-03-01", 3_800_000)])

    /// Charges that failed in March 2026, as of 15 May.
    static let episodes: [Episode] = [
        episode(2_000, "2026-03-01", [("2026-03-04", 2_000)]), episode(5_000, "2026-03-02", [("2026-03-12", 5_000)]),
        episode(1_000, "2026-03-05", [], .involuntary),
        episode(3_000, "2026-03-09", [("2026-03-10", 1_000), ("2026-03-30", 2_000)]),
        episode(8_000, "2026-03-11", [], .voluntary),
        episode(2_500, "2026-03-15", [("2026-03-17", 2_500), ("2026-03-25", -2_500)]),
        episode(4_000, "2026-03-18", [("2026-03-18", 4_000)]), episode(6_000, "2026-03-20", [("2026-05-02", 6_000)]),
        episode(1_500, "2026-03-28", [("2026-04-02", 1_500)]), episode(7_000, "2026-03-31", [("2026-04-20", 3_000)]),
    ]

    private static func episode(
        _ amount: Double, _ start: String, _ money: [(String, Double)], _ loss: Episode.Loss? = nil
    ) -> Episode {
        Episode(amount: amount, start: .iso(start), money: money.map { (.iso($0.0), $0.1) }, loss: loss)
    }

    /// Promises as of 30 June 2026, with what was paid when.
    static let promises: [PromiseToPay] = [
        promise(10_000, "2026-06-01", "2026-06-05", [("2026-06-05", 10_000)]),
        promise(20_000, "2026-06-02", "2026-06-10", [("2026-06-12", 19_000)]),
        promise(5_000, "2026-06-03", "2026-06-08", [("2026-06-11", 5_000)]),
        promise(8_000, "2026-06-04", "2026-06-15", [("2026-06-14", 4_000)]),
        promise(6_000, "2026-06-20", "2026-07-05", []),
        promise(9_000, "2026-06-05", "2026-06-12", [], isCancelled: true),
    ]

    private static func promise(
        _ amount: Int64, _ made: String, _ due: String, _ paid: [(String, Int64)], isCancelled: Bool = false
    ) -> PromiseToPay {
        let window = Day.iso(made)...Day.iso(due).adding(PromiseToPay.graceDays)
        return PromiseToPay(
            amount: amount, made: .iso(made), due: .iso(due),
            received: paid.reduce(0) { window.contains(.iso($1.0)) ? $0 + $1.1 : $0 }, isCancelled: isCancelled)
    }
}
