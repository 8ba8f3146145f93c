/// What a row has to reach.
package enum Target: Sendable, Hashable {
    case atMost(Double)
    case atLeast(Double)

    /// Whether a series reaches it, judged by where its median lies for certain.
    package func verdict(on series: Series) -> Verdict {
        let interval = series.interval
        switch self {
        case .atMost(let bound):
            if interval.upperBound <= bound { return .met }
            return interval.lowerBound > bound ? .notMet : .tooNoisy
        case .atLeast(let bound):
            if interval.lowerBound >= bound { return .met }
            return interval.upperBound < bound ? .notMet : .tooNoisy
        }
    }
}

extension Target {
    /// The target in the words of the table.
    func text(_ number: (Double) -> String) -> String {
        switch self {
        case .atMost(let bound): "≤ \(number(bound))"
        case .atLeast(let bound): "≥ \(number(bound))"
        }
    }
}
