/// Pauses that grow, each a little different, so that a fleet does not come back all at once.
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

    /// Begins anew, if what was got in the end was worth it.
    ///
    /// - Parameter life: how long it lasted; a server that greets and then leaves at once is no better than none.
    mutating func reset(after life: Duration) {
        if life >= Self.worthwhile { next = shortest }
    }

    /// Waits between half the pause and the whole of it; a cancelled task doesn't wait.
    mutating func wait() async {
        let pause = next * Double.random(in: 0.5...1)
        next = min(next * 2, longest)
        try? await Task.sleep(for: pause)
    }
}
