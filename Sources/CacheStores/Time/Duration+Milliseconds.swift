extension Duration {
    /// The duration in milliseconds, rounded towards zero and clamped to what `Int64` holds.
    package var millisecondsTowardZero: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        guard !carry else { return seconds < 0 ? .min : .max }
        return sum
    }
}
