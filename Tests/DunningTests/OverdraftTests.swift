import Dunning
import Foundation
import Testing

@Suite struct `Money taken from where it was not` {
    private let payment = ID<Payment>(UUID())
    private let old = ID<Invoice>(UUID())
    private let young = ID<Invoice>(UUID())

    private func entry(
        _ kind: Movement.Kind, _ invoice: ID<Invoice>?, _ amount: Int64, _ day: String
    ) -> AccountHistory.Entry {
        AccountHistory.Entry(invoice: invoice, payment: payment, kind: kind, day: .iso(day), amount: amount)
    }

    private func moves(_ found: [Movement]) -> Set<String> {
        Set(
            found.map {
                "\($0.valueDate) \($0.invoice == nil ? "credit" : $0.invoice == old ? "old" : "young") \($0.amount)"
            })
    }

    /// Bounced on the 10th, which was told after the debt had been paid again on the 20th and the money had gone to credit.
    private var bounced: [AccountHistory.Entry] {
        [
            entry(.payment, old, -100, "2026-03-05"), entry(.reversal, nil, 100, "2026-03-10"),
            entry(.transfer, old, 100, "2026-03-20"), entry(.transfer, nil, -100, "2026-03-20"),
        ]
    }

    @Test func `is taken from where it stood, until the day on which it came there`() {
        let found = Overdraft.corrections(of: bounced, among: [old])
        #expect(
            moves(found)
                == ["2026-03-10 credit -100", "2026-03-10 old 100", "2026-03-20 credit 100", "2026-03-20 old -100"])
        // Once is enough.
        let booked = bounced + found.map(AccountHistory.Entry.init)
        #expect(Overdraft.corrections(of: booked, among: [old]).isEmpty)
    }

    @Test func `is taken from the youngest debt first, and only as far as it is lacking`() {
        let entries = [
            entry(.payment, old, -60, "2026-03-05"), entry(.payment, young, -50, "2026-03-05"),
            entry(.transfer, nil, 70, "2026-03-10"), entry(.transfer, nil, -70, "2026-03-20"),
        ]
        let found = Overdraft.corrections(of: entries, among: [young, old])
        #expect(
            moves(found) == [
                "2026-03-10 credit -70", "2026-03-10 young 50", "2026-03-10 old 20", "2026-03-20 credit 70",
                "2026-03-20 young -50", "2026-03-20 old -20",
            ])
    }

    @Test func `is left alone where nothing is below nothing, or more is gone than ever came`() {
        let whole = [
            entry(.payment, nil, -100, "2026-03-05"), entry(.transfer, nil, 100, "2026-03-10"),
            entry(.transfer, old, -100, "2026-03-10"),
        ]
        #expect(Overdraft.corrections(of: whole, among: [old]).isEmpty)
        let gone = [entry(.payment, old, -100, "2026-03-05"), entry(.reversal, nil, 150, "2026-03-10")]
        #expect(Overdraft.corrections(of: gone, among: [old]).isEmpty)
    }
}
