/// Collection effectiveness: how much of what could have been collected was.
///
/// In a base currency all amounts have to be at the rates of the last day, else a change of rates looks like collection;
/// the constant-rate definitions say that they are.
package enum CollectionEffectiveness {
    /// Bad debt is not collection: what was written off is taken out of the numerator.
    package static func cash(
        from begin: ReceivablePosition, to end: ReceivablePosition, flow: ReceivableFlow, isConstantRate: Bool = false
    ) -> Metric {
        ratio(
            isConstantRate ? .ceiCashConstantRate : .ceiCash, begin.open + flow.sales - end.open - flow.writtenOff,
            begin, end, flow)
    }

    package static func classic(
        from begin: ReceivablePosition, to end: ReceivablePosition, flow: ReceivableFlow, isConstantRate: Bool = false
    ) -> Metric {
        ratio(
            isConstantRate ? .ceiClassicConstantRate : .ceiClassic, begin.open + flow.sales - end.open, begin, end, flow
        )
    }

    private static func ratio(
        _ definition: MetricDefinition, _ collected: Double, _ begin: ReceivablePosition, _ end: ReceivablePosition,
        _ flow: ReceivableFlow
    ) -> Metric {
        .ratio(
            definition, collected, over: begin.open + flow.sales - end.current, times: 100, else: .noReceivables)
    }
}

/// What was lost of what was sold.
package enum BadDebt {
    package static func ratio(_ flow: ReceivableFlow) -> Metric {
        .ratio(.badDebt, flow.writtenOff, over: flow.sales, times: 100, else: .noSales)
    }
}
