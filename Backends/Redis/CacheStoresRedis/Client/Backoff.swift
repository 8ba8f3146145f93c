/// Pauses that double, with jitter, so that a fleet does not reconnect all at once.
struct Backoff {
    private static let worthwhile: Duration = .seconds(5)

    private let shortest: Duration
    private let longest: Duration
    private var next: Duration

    init(_ shortest: Duration, upTo longest: Duration) {
        self.shortest = shortest
        self.longest = longest
        next = shortest
    }

    /// Starts again with the shortest pause, unless the connection was short-lived.
    ///
    /// - Parameter life: how long the connection lasted. A server that accepts and then closes at once does not count.
    mutating func reset(after life: Duration) {
        if life >= Self.worthwhile { next = shortest }
    }

    /// Waits for half to all of the current pause; a cancelled task does not wait.
    mutating func wait() async {
        let pause = next * Double.random(in: 0.5...1)
        next = min(next * 2, longest)
        try? await Task.sleep(for: pause)
    }
}
