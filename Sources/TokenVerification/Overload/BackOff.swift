/// Pauses that grow, each at random between half and all of its length, so that rivals don't retry in step.
package struct BackOff {
    private var length: Duration
    private let longest: Duration
    private let random: @Sendable () -> Double

    /// - Parameters:
    ///   - shortest: the length of the first pause; each is twice as long as the one before.
    ///   - longest: the length beyond which they don't grow.
    ///   - random: gives numbers from 0 to 1.
    package init(
        from shortest: Duration,
        to longest: Duration,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        length = shortest
        self.longest = longest
        self.random = random
    }

    /// The next pause.
    package mutating func next() -> Duration {
        defer { length = min(length * 2, longest) }
        return length * (0.5 + random() / 2)
    }
}
