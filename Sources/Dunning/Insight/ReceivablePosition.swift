/// What customers owe at the end of a day; minor units of one currency.
package struct ReceivablePosition: Hashable, Sendable {
    /// The sum of what is open of each invoice.
    package var open: Double
    /// Of that, what is overdue by more than each of ``AgingEdges/bounds``: the first is all that is overdue.
    package var late: [Double]
    /// Of what is open, the part in dispute.
    package var disputed: Double
    /// Credit not yet used, negative; never netted into ``open``.
    package var unapplied: Double

    package init(open: Double = 0, late: [Double] = [0, 0, 0, 0], disputed: Double = 0, unapplied: Double = 0) {
        precondition(late.count == AgingEdges.count, "four degrees of lateness")
        self.open = open
        self.late = late
        self.disputed = disputed
        self.unapplied = unapplied
    }

    package var overdue: Double { late[0] }
    /// Not yet due.
    package var current: Double { open - overdue }

    /// The same in another currency.
    package func converted(by factor: Double) -> ReceivablePosition {
        ReceivablePosition(
            open: open * factor, late: late.map { $0 * factor }, disputed: disputed * factor,
            unapplied: unapplied * factor)
    }

    package static func + (left: ReceivablePosition, right: ReceivablePosition) -> ReceivablePosition {
        ReceivablePosition(
            open: left.open + right.open, late: zip(left.late, right.late).map(+),
            disputed: left.disputed + right.disputed, unapplied: left.unapplied + right.unapplied)
    }
}

/// What moved between two days, both included; minor units of one currency, each as a positive amount where it is the
/// usual thing.
package struct ReceivableFlow: Hashable, Sendable {
    /// Invoices and adjustments of their totals.
    package var invoiced: Double
    /// Credit notes, by their own date.
    package var credited: Double
    /// Payments less reversals, on invoices and as credit.
    package var paid: Double
    /// Closed because the source said so, less what was taken back of it.
    package var settled: Double
    /// Written off, less what came in later all the same.
    package var writtenOff: Double
    /// Credit given back.
    package var refunded: Double

    package init(
        invoiced: Double = 0, credited: Double = 0, paid: Double = 0, settled: Double = 0, writtenOff: Double = 0,
        refunded: Double = 0
    ) {
        self.invoiced = invoiced
        self.credited = credited
        self.paid = paid
        self.settled = settled
        self.writtenOff = writtenOff
        self.refunded = refunded
    }

    /// Net credit sales: credit notes count where they are dated, no earlier month is restated.
    package var sales: Double { invoiced - credited }

    /// By how much the receivables less unapplied credit rise.
    package var change: Double { invoiced - credited - paid - settled - writtenOff + refunded }

    package func converted(by factor: Double) -> ReceivableFlow {
        ReceivableFlow(
            invoiced: invoiced * factor, credited: credited * factor, paid: paid * factor, settled: settled * factor,
            writtenOff: writtenOff * factor, refunded: refunded * factor)
    }

    package static func + (left: ReceivableFlow, right: ReceivableFlow) -> ReceivableFlow {
        ReceivableFlow(
            invoiced: left.invoiced + right.invoiced, credited: left.credited + right.credited,
            paid: left.paid + right.paid, settled: left.settled + right.settled,
            writtenOff: left.writtenOff + right.writtenOff, refunded: left.refunded + right.refunded)
    }
}
