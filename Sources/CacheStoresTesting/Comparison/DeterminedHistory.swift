import CacheStores

/// A history in which the contract leaves nothing open, so that all stores have to give the same answers.
///
/// It is made of a random one:
/// - A step to which the contract allows several answers is left out.
/// - The clock is put back only so far that nothing that has expired or passed comes back.
/// - After lowering the capacity a store may work the excess off at any pace. So writes follow whose answers are not
///   compared, until nothing else is left, and then all stores are alike again.
/// - Where one of the stores does not outlive its handle, the capacity is changed when there is nothing to lose.
struct DeterminedHistory: Sendable {
    struct Step: Sendable {
        let operation: HistoryOperation
        /// The only answer that the contract allows; `nil` where it is not compared.
        let answer: HistoryResponse?
    }

    /// How many writes push everything else out of a store whose capacity was lowered.
    private static let settlingCount = 2 * History.largestCapacity
    /// How many keys the steps use: those of a random history, then those of the settling writes.
    static let keyCount = 2 * History.keyCount + settlingCount

    let capacity: Int
    private(set) var steps: [Step] = []
    private var model: ReferenceModel
    private var lastNumber: UInt64 = 1_000_000

    /// Makes a determined history of a random one.
    ///
    /// - Parameters:
    ///   - history: the random one, with all kinds of steps.
    ///   - isShared: whether what the stores keep outlives a handle.
    ///   - start: what the stores' clocks show at first.
    init(_ history: History, isShared: Bool, start: Timestamp) {
        capacity = history.capacity
        model = ReferenceModel(capacity: history.capacity, now: start)
        for operation in history.operations {
            switch operation.step {
            case .moveClock(let milliseconds) where milliseconds < 0:
                moveClockBack(by: -milliseconds, operation.handle)
            case .reopen(let capacity) where !isShared:
                startAnew(capacity: capacity ?? model.capacity, operation.handle)
            case .reopen(let capacity) where (capacity ?? model.capacity) < model.mostKept:
                lower(to: capacity ?? model.capacity, operation)
            default:
                take(operation)
            }
        }
    }

    /// Takes a step if there is but one answer to it.
    private mutating func take(_ operation: HistoryOperation) {
        let outcomes = model.outcomes(of: operation.step)
        guard outcomes.count == 1 else { return }
        model = outcomes[0].model
        steps.append(Step(operation: operation, answer: outcomes[0].response))
    }

    private mutating func take(_ step: HistoryStep, _ handle: Int) {
        take(HistoryOperation(handle: handle, step: step))
    }

    private mutating func moveClockBack(by milliseconds: Int, _ handle: Int) {
        let ends = model.records.map(\.entry.expiry) + model.removals.map(\.end)
        let wanted = model.now.advanced(by: .milliseconds(-milliseconds))
        let earliest = ends.filter { $0 <= model.now }.reduce(wanted) { max($0, $1) }
        let step = model.now.duration(to: earliest).millisecondsTowardZero
        if step < 0 { take(.moveClock(by: Int(step)), handle) }
    }

    /// Opens empty stores, at a moment from which on no removal is remembered.
    private mutating func startAnew(capacity: Int, _ handle: Int) {
        let end = model.removals.map(\.end).reduce(model.now) { max($0, $1) }
        take(.moveClock(by: Int(model.now.duration(to: end).millisecondsTowardZero)), handle)
        take(.removeAll(holding: 0), handle)
        take(.reopen(capacity: capacity), handle)
    }

    /// Lowers the capacity of what may be fuller, and writes until it is worked off.
    private mutating func lower(to capacity: Int, _ operation: HistoryOperation) {
        let isRemembered = model.removals.contains { $0.key == nil && model.now < $0.end }
        guard !isRemembered else { return }
        steps.append(Step(operation: operation, answer: .done))
        model.capacity = capacity
        model.mostKept = capacity
        model.records.removeAll { model.now < $0.entry.expiry }
        for number in 0..<Self.settlingCount {
            lastNumber += 1
            let key = 2 * History.keyCount + number
            let step = HistoryStep.set(key: key, number: lastNumber, lasting: 10_000)
            let handle = number % 2
            steps.append(Step(operation: HistoryOperation(handle: handle, step: step), answer: nil))
            let expiry = model.now.advanced(by: .milliseconds(10_000))
            model.drop(key)
            model.records.append(.init(key: key, entry: .init(number: lastNumber, expiry: expiry)))
        }
        model = model.evictingOldest(Self.settlingCount - capacity, sparing: nil)
        for step in [HistoryStep.survey, .count, .capacity] { take(step, operation.handle) }
    }
}
