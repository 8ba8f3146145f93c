import TokenVerificationTestSupport

/// Numbers of which a few are drawn often and most are drawn seldom, as a server meets its tokens: Zipf's law with the
/// exponent 1.
enum Zipf {
    /// So many numbers below a bound, the same ones in every run.
    ///
    /// The number that is drawn n-th most often is drawn 1/n as often as the first.
    static func draws(_ count: Int, below bound: Int) -> [Int] {
        var total = 0.0
        let sums = (1...bound).map { rank in
            total += 1 / Double(rank)
            return total
        }
        var generator = SeededGenerator(seed: 1)
        return (0..<count).map { _ in
            let drawn = Double.random(in: 0..<total, using: &generator)
            var (low, high) = (0, bound - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > drawn { high = middle } else { low = middle + 1 }
            }
            // A prime step, so that what is drawn often lies anywhere.
            return low * 7919 % bound
        }
    }
}
