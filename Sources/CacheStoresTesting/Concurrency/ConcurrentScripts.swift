/// Makes up what the tasks of a concurrent history do.
struct ConcurrentScripts {
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
    ///   - sweeping: whether everything is removed now and then.
    ///   - seed: what the scripts follow from.
    mutating func scripts(keyCount: Int, sweeping: Bool, seed: UInt64) -> [[ConcurrentCall]] {
        var random = SplitMix64(seed: seed)
        return (0..<taskCount).map { task in
            (0..<Self.length).map { _ in
                let key = Int.random(in: 0..<keyCount, using: &random)
                return ConcurrentCall(task: task, key: key, action: action(sweeping, &random))
            }
        }
    }

    private mutating func action(_ sweeping: Bool, _ random: inout SplitMix64) -> ConcurrentCall.Action {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45:
            lastNumber += 1
            return .set(number: lastNumber)
        case 45..<75: return .lookUp
        case 75..<92: return .remove(holding: false)
        case 92..<94: return .remove(holding: true)
        case 94..<97: return .setExpired
        default: return sweeping ? .removeAll : .lookUp
        }
    }
}
