/// Which operations of a ``FaultyStore`` suffer which faults.
///
/// A script is either chance, which a seed repeats, or a list of steps. In both the number of an operation decides,
/// in the order in which the operations begin, so a script does the same again wherever that order is the same. A
/// fault that means nothing to an operation, such as a lost write to a lookup, passes it by.
public struct FaultScript: Sendable {
    private enum Plan: Sendable {
        case chance(seed: UInt64, KeyValuePairs<StoreFault, Double>)
        case steps([Int: [StoreFault]])
    }

    private let plan: Plan

    /// Makes a script of chance.
    ///
    /// ```swift
    /// let random = FaultScript(seed: 7, [.error(.unavailable): 0.05, .delay(.milliseconds(40)): 0.2, .lostWrite: 0.01])
    /// ```
    ///
    /// - Parameters:
    ///   - seed: what the choice follows from; another one gives other faults.
    ///   - likelihoods: for each fault how likely an operation suffers it, from 0 (never) to 1 (always). An
    ///     operation may suffer several.
    public init(seed: UInt64, _ likelihoods: KeyValuePairs<StoreFault, Double>) {
        plan = .chance(seed: seed, likelihoods)
    }

    /// Makes a script that says for each operation what befalls it.
    ///
    /// ```swift
    /// let exact = FaultScript(steps: [2: [.lostAnswer], 5: [.delay(.seconds(2)), .error(.timedOut)]])
    /// ```
    ///
    /// - Parameter steps: the faults by the number of the operation, from 1.
    public init(steps: [Int: [StoreFault]]) {
        plan = .steps(steps)
    }

    /// The faults of an operation, in the order of the script.
    func faults(at step: Int) -> [StoreFault] {
        switch plan {
        case .steps(let steps): return steps[step] ?? []
        case .chance(let seed, let likelihoods):
            // Mixed, since generators with neighbouring seeds draw the same numbers one step apart.
            var mixer = SplitMix64(seed: UInt64(truncatingIfNeeded: step))
            var random = SplitMix64(seed: seed ^ mixer.next())
            return likelihoods.compactMap { fault, likelihood in
                Double(random.next() >> 11) * 0x1p-53 < likelihood ? fault : nil
            }
        }
    }

    /// Whether there is a fault anywhere in the script.
    func names(_ fault: StoreFault) -> Bool {
        switch plan {
        case .steps(let steps): steps.values.contains { $0.contains(fault) }
        case .chance(_, let likelihoods): likelihoods.contains { $0.key == fault }
        }
    }
}
