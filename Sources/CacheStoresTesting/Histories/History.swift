/// A sequence of operations on a fresh store.
struct History: Sendable {
    /// How many keys the random part uses; draining the store takes as many again.
    static let keyCount = 6
    static let largestCapacity = 8

    let seed: UInt64
    var capacity: Int
    var operations: [HistoryOperation]
}
