import StoreProcesses

/// Tells how many writes can have inserted something during a span of time.
struct WriteCounter {
    private let beginnings: [UInt64]
    private let ends: [UInt64]

    init(_ operations: [LoggedOperation]) {
        let writes = operations.filter { $0.action == .set }
        beginnings = writes.map(\.began).sorted()
        ends = writes.map(\.ended).sorted()
    }

    /// How many writes were under way at any moment from the first to the last.
    func count(from first: UInt64, to last: UInt64) -> Int {
        Self.count(of: beginnings) { $0 <= last } - Self.count(of: ends) { $0 < first }
    }

    /// How many of some sorted moments come first, by bisection.
    private static func count(of moments: [UInt64], where comesFirst: (UInt64) -> Bool) -> Int {
        var low = 0
        var high = moments.count
        while low < high {
            let middle = (low + high) / 2
            if comesFirst(moments[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
