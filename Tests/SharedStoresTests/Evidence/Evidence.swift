import Foundation
import StoreProcesses

/// What the logs of all processes tell, taken together.
struct Evidence {
    let operations: [LoggedOperation]
    private let capacity: Int
    private let counter: WriteCounter
    private let histories: [KeyHistory]

    init(_ operations: [LoggedOperation], capacity: Int) {
        self.operations = operations
        self.capacity = capacity
        counter = WriteCounter(operations)
        let keyed = operations.filter { $0.action != .count }
        histories = Dictionary(grouping: keyed, by: \.number).map { KeyHistory($0.key, $0.value) }
    }

    /// Reads the logs.
    init(logs: [String], capacity: Int) throws {
        var operations: [LoggedOperation] = []
        for log in logs {
            let text = try String(contentsOf: URL(fileURLWithPath: log), encoding: .utf8)
            operations += text.split(separator: "\n").compactMap { LoggedOperation(line: $0) }
        }
        self.init(operations, capacity: capacity)
    }

    /// How many entries were evicted or removed, by the store's own account.
    var departureCount: Int {
        let departures = operations.filter { [.set, .remove, .removeForLong].contains($0.action) }
        return departures.reduce(0) { $0 + $1.result }
    }

    /// The answers that contradict the contract: an exceeded bound, or a lookup that saw the past or the future.
    func faultyAnswers() -> [String] {
        let excesses = operations.filter { operation in
            switch operation.action {
            case .count: operation.result > capacity
            case .set: operation.result > 1
            default: false
            }
        }
        return excesses.map { "a count above the capacity: \($0)" } + histories.flatMap { $0.faults() }
    }

    /// The contradictions in the entries that are left when all processes are done.
    ///
    /// First in, first out means: they stand in the order in which they were inserted, and whatever was evicted had
    /// been inserted before any of them.
    ///
    /// - Parameter remaining: the numbers of the entries, in the order of the store.
    /// - Returns: a sentence for each contradiction.
    func faultyOrder(of remaining: [Int]) -> [String] {
        var faults =
            remaining.count == capacity ? [] : ["\(remaining.count) are left at a capacity of \(capacity)"]
        let places = Dictionary(
            uniqueKeysWithValues: histories.map { ($0.number, $0.place(counter, capacity: capacity)) }
        )
        var last: (number: Int, place: Place)?
        var first: (number: Int, place: Place)?
        for number in remaining {
            guard let place = places[number] ?? nil else {
                faults.append("\(number) is left, though it was removed or never set")
                continue
            }
            if let last, place.precedes(last.place) {
                faults.append("\(number) stands behind \(last.number), but was inserted before it")
            }
            if last.map({ $0.place.earliest < place.earliest }) ?? true { last = (number, place) }
            if first.map({ place.latest < $0.place.latest }) ?? true { first = (number, place) }
        }
        let left = Set(remaining)
        for history in histories where history.isCertainlyStored && !left.contains(history.number) {
            guard let first, let place = places[history.number] ?? nil, first.place.precedes(place) else {
                continue
            }
            faults.append("\(history.number) was evicted, though \(first.number) was inserted before it")
        }
        return faults
    }
}
