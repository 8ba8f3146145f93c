/// Makes histories by chance: few keys, small capacities and short lives, so that everything collides.
struct HistoryGenerator {
    private var random: SplitMix64
    private let seed: UInt64
    private let isShared: Bool
    private var lastNumber: UInt64 = 0

    init(seed: UInt64, isShared: Bool) {
        self.seed = seed
        self.isShared = isShared
        random = SplitMix64(seed: seed)
    }

    mutating func history(length: Int) -> History {
        let capacity = Int.random(in: 1...History.largestCapacity, using: &random)
        var operations: [HistoryOperation] = []
        for _ in 0..<max(1, length) {
            let step = randomStep()
            operations.append(operation(step))
            // What a store of random steps holds is soon expired, so some steps come in bursts.
            if case .set = step, chance(of: 4) { operations.append(operation(randomSet())) }
        }
        return History(seed: seed, capacity: capacity, operations: operations + drain())
    }

    /// Shows in which order the live entries stand: new ones push them out one by one.
    private mutating func drain() -> [HistoryOperation] {
        var steps: [HistoryStep] = [.survey, .count, .capacity]
        for key in History.keyCount..<(2 * History.keyCount) {
            lastNumber += 1
            steps += [.set(key: key, number: lastNumber, lasting: 10_000), .survey]
        }
        steps.append(.count)
        return steps.map { operation($0) }
    }

    private mutating func operation(_ step: HistoryStep) -> HistoryOperation {
        HistoryOperation(handle: isShared && chance(of: 2) ? 1 : 0, step: step)
    }

    private mutating func randomStep() -> HistoryStep {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<42: randomSet()
        case 42..<58: .lookUp(key: randomKey())
        case 58..<68: .remove(key: randomKey(), holding: chance(of: 3) ? randomHolding(20) : 0)
        case 68..<70: .removeAll(holding: chance(of: 2) ? randomHolding(10) : 0)
        case 70..<76: .count
        case 76..<87: .moveClock(by: random(1...15))
        // About the margin by which a question must begin later than a removal.
        case 87..<90: .moveClock(by: random(990...1_015))
        case 90..<96: .moveClock(by: -random(1...15))
        case 96..<97: .capacity
        default: isShared ? .reopen(capacity: randomCapacity()) : .lookUp(key: randomKey())
        }
    }

    private mutating func randomSet() -> HistoryStep {
        lastNumber += 1
        let life =
            switch random(0...9) {
            case 0: -random(0...5)
            case 1...6: random(1...40)
            default: random(200...4_000)
            }
        let asked: Int? =
            switch random(0...5) {
            case 0...1: -random(0...20)
            case 2: -random(0...2_000)
            default: nil
            }
        return .set(
            key: randomKey(),
            number: lastNumber,
            lasting: life,
            asked: asked,
            before: chance(of: 4) ? random(-3...15) : nil
        )
    }

    /// A `holding` that is over soon, or one in which a later question can begin.
    private mutating func randomHolding(_ most: Int) -> Int {
        chance(of: 3) ? random(1_100...3_000) : random(1...most)
    }

    private mutating func randomCapacity() -> Int? {
        chance(of: 3) ? nil : random(1...History.largestCapacity)
    }

    private mutating func randomKey() -> Int { random(0...(History.keyCount - 1)) }

    private mutating func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    private mutating func chance(of sides: Int) -> Bool { random(1...sides) == 1 }
}
