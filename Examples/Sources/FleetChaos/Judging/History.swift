import Synchronization

/// What happened in a run, and what was wrong with it.
final class History: Sendable {
    private struct Event: Sendable {
        let moment: ContinuousClock.Instant
        /// The token that it is about, or `nil` for all of them.
        let token: Int?
        let words: String
    }

    private struct State {
        var events: [Event] = []
        var wrong: [Event] = []
        var counts: [String: Int] = [:]
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// How often what was noted under a name.
    var counts: [String: Int] { state.withLock(\.counts) }
    var objections: Int { state.withLock(\.wrong.count) }

    func note(_ words: String, about token: Int? = nil, at moment: ContinuousClock.Instant = .now) {
        state.withLock { $0.events.append(Event(moment: moment, token: token, words: words)) }
    }

    func count(_ name: String) {
        state.withLock { $0.counts[name, default: 0] += 1 }
    }

    func object(_ words: String, about token: Int? = nil, at moment: ContinuousClock.Instant = .now) {
        state.withLock { $0.wrong.append(Event(moment: moment, token: token, words: "WRONG: \(words)")) }
    }

    /// The faults, and everything about the tokens with which something was wrong, in order.
    func text() -> String {
        let (events, wrong) = state.withLock { ($0.events, $0.wrong) }
        let tokens = Set(wrong.compactMap(\.token))
        let told = events.filter { $0.token.map(tokens.contains) ?? true } + wrong
        return told.sorted { $0.moment < $1.moment }.map(line).joined(separator: "\n")
    }

    private func line(_ event: Event) -> String {
        let seconds = ((event.moment - start) / .milliseconds(1)).rounded() / 1000
        let token = event.token.map { "token \($0): " } ?? ""
        return "\(seconds) s  \(token)\(event.words)"
    }
}
