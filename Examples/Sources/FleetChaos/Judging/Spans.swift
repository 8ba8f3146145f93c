/// The times at which something was so.
package struct Spans: Sendable {
    private var closed: [ClosedRange<ContinuousClock.Instant>] = []
    private var begun: ContinuousClock.Instant?

    package init() {}

    package mutating func begin(at now: ContinuousClock.Instant) {
        begun = now
    }

    package mutating func end(at now: ContinuousClock.Instant) {
        guard let begun else { return }
        closed.append(begun...now)
        self.begun = nil
    }

    /// Whether it was so at any moment of a period.
    package func touch(_ period: ClosedRange<ContinuousClock.Instant>) -> Bool {
        if let begun, begun <= period.upperBound { return true }
        return closed.contains { $0.overlaps(period) }
    }

    /// For how long of a period it was so.
    package func overlap(with period: ClosedRange<ContinuousClock.Instant>) -> Duration {
        var spans = closed
        if let begun, begun <= period.upperBound { spans.append(begun...period.upperBound) }
        return spans.reduce(.zero) { sum, span in
            guard span.overlaps(period) else { return sum }
            return sum + (span.clamped(to: period).upperBound - span.clamped(to: period).lowerBound)
        }
    }
}
