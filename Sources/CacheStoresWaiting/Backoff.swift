/// Pauses that double up to a limit, each shortened at random so that a fleet does not retry in step.
package struct Backoff: Sendable {
    private let shortest: Duration
    private let longest: Duration
    private var length: Duration

    /// - Parameters:
    ///   - shortest: the length of the first pause.
    ///   - longest: the length that no pause exceeds.
    package init(from shortest: Duration, to longest: Duration) {
        self.shortest = shortest
        self.longest = longest
        length = shortest
    }

    /// The next pause: at random from half of the doubled length to all of it.
    package mutating func next() -> Duration {
        defer { length = min(length * 2, longest) }
        return length * Double.random(in: 0.5...1)
    }

    /// Waits for the next pause; a cancelled task does not wait.
    package mutating func wait() async {
        try? await Task.sleep(for: next())
    }

    /// Starts again with the shortest pause.
    package mutating func reset() {
        length = shortest
    }
}
