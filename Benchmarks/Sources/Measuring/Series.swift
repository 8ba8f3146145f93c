/// What measuring the same thing several times gave.
package struct Series: Sendable, Equatable {
    /// The figures, in ascending order.
    package let values: [Double]

    /// - Parameter values: at least one figure.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "nothing was measured")
        self.values = values.sorted()
    }

    package var median: Double {
        let middle = values.count / 2
        return values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    }

    /// Where the true median lies with 95 % confidence, whatever the figures' distribution.
    ///
    /// Each figure is above or below the true median by the toss of a coin. So the two figures that have `rank`
    /// others beyond them enclose it unless the coin fell almost always on one side. For 9 figures these are the
    /// second lowest and the second highest; fewer than six enclose nothing for certain, and all of them count.
    package var interval: ClosedRange<Double> {
        let count = values.count
        var rank = 0
        var term = 1.0
        var tail = term
        let total = (0..<count).reduce(1.0) { power, _ in power * 2 }
        while rank < (count - 1) / 2 {
            term *= Double(count - rank) / Double(rank + 1)
            guard 2 * tail / total <= 0.05, 2 * (tail + term) / total <= 0.05 else { break }
            tail += term
            rank += 1
        }
        return values[rank]...values[count - 1 - rank]
    }

    /// Half the width of the interval, as a part of the median.
    package var spread: Double {
        median == 0 ? 0 : (interval.upperBound - interval.lowerBound) / 2 / abs(median)
    }
}
