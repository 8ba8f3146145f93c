/// Makes up what the tasks of a concurrent history do.
struct ConcurrentScripts {
    enum Kind: Sendable {
        case plain
        /// Now and then everything is removed.
        case sweeping
        /// Now and then a removal is remembered.
        case holding
    }

    /// How many calls each task makes.
    static let length = 6

    private let taskCount: Int
    private var lastNumber: UInt64 = 0

    /// - Parameter tasks: the wish for the number of tasks; what a history can hold limits it.
    init(tasks: Int) {
        taskCount = min(max(tasks, 2), 10)
    }

    /// Scripts for one history.
    ///
    /// - Parameters:
    ///   - keyCount: how many keys there are.
    ///   - kind: what happens besides setting, looking up and removing.
    ///   - seed: what the scripts follow from.
    /// - Returns: for each task what it asks for.
    mutating func scripts(keyCount: Int, kind: Kind, seed: UInt64) -> [[ConcurrentCall]] {
        var random = SplitMix64(seed: seed)
        return (0..<taskCount).map { task in
            (0..<Self.length).map { _ in
                let key = Int.random(in: 0..<keyCount, using: &random)
                return ConcurrentCall(task: task, key: key, action: action(kind, &random))
            }
        }
    }

    private mutating func action(_ kind: Kind, _ random: inout SplitMix64) -> ConcurrentCall.Action {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45:
            lastNumber += 1
            return .set(number: lastNumber)
        case 45..<75: return .lookUp
        case 75..<92: return .remove(holding: false)
        case 92..<96: return .setExpired
        default: break
        }
        return switch kind {
        case .plain: .lookUp
        case .sweeping: .removeAll
        case .holding: .remove(holding: true)
        }
    }
}
