import CacheStores
import Synchronization

/// Spares callers the wait for an authority that does not answer.
///
/// One token alone cannot open it. It opens when questions on five different keys timed out or failed to connect within ten seconds in which none was
/// answered. An answer closes it, whatever its status. While it is open, one question passes after each pause, about a
/// key that has not failed lately: a token that the authority hangs on does not keep the breaker open.
///
/// Besides, it keeps to what an authority asks for with `Retry-After`: for all keys or for one.
final class AuthorityBreaker: Sendable {
    /// Why no question is worth asking now, and how long that goes on.
    struct Pause: Sendable, Equatable {
        let reason: VerificationError.Reason
        let remainder: Duration
    }

    private struct Opening {
        var reason: VerificationError.Reason
        /// When the next question may pass.
        var end: Timestamp
        /// Whether the authority asked for it; then an answer to an earlier question does not end it.
        var isRequested: Bool
        var isOnTrial = false
    }

    private struct State {
        /// When questions on keys last timed out or failed to connect, if that was lately.
        var failures: [CacheKey: Timestamp] = [:]
        var lastAnswer = Timestamp.distantPast
        var opening: Opening?
    }

    /// On how many keys questions have to fail.
    static let threshold = 5
    /// What is lately.
    static let window = Duration.seconds(10)
    /// How many keys with failures are remembered.
    private static let rememberedKeys = 1024

    private let length: Duration
    private let longestWait: Duration
    private let clock: WallClock
    private let state = Mutex(State())
    private let limits: MemoryStore<VerificationError.Reason>

    /// Makes a closed breaker.
    ///
    /// - Parameters:
    ///   - length: how long each pause is; up to half as long again, at random, so that the processes of a fleet don't
    ///     come back at the same moment.
    ///   - longestWait: the longest pause that an authority can ask for.
    ///   - clock: the clock that pauses are measured by.
    ///   - limits: remembers the keys that an authority asks to be left alone with, and why.
    init(
        length: Duration,
        longestWait: Duration,
        clock: WallClock,
        limits: MemoryStore<VerificationError.Reason>
    ) {
        self.length = length
        self.longestWait = longestWait
        self.clock = clock
        self.limits = limits
    }

    /// Why a question would not be let through now, if that is so; takes no turn.
    func pause(for key: CacheKey) -> Pause? {
        let now = clock.now
        return limit(on: key, at: now) ?? state.withLock { Self.pause(for: key, in: $0, at: now) }
    }

    /// Asks to let a question through, which then tells its outcome.
    ///
    /// - Returns: `nil` if the question may be asked, otherwise why not.
    func admit(_ key: CacheKey) -> Pause? {
        let now = clock.now
        if let limit = limit(on: key, at: now) { return limit }
        return state.withLock { state in
            if let pause = Self.pause(for: key, in: state, at: now) { return pause }
            // A question that never tells its outcome counts for one pause.
            state.opening?.end = now.advanced(by: length)
            state.opening?.isOnTrial = true
            return nil
        }
    }

    /// Notes that the authority answered, whatever it said.
    func noteAnswer() {
        let now = clock.now
        state.withLock { Self.noteAnswer(in: &$0, at: now) }
    }

    /// Notes that a question timed out or that the authority could not be reached.
    func noteFailure(_ reason: VerificationError.Reason, on key: CacheKey) {
        let now = clock.now
        let end = now.advanced(by: length * .random(in: 1...1.5))
        state.withLock { state in
            state.failures = state.failures.filter { $0.value.duration(to: now) < Self.window }
            if state.failures.count < Self.rememberedKeys { state.failures[key] = now }
            // Questions from before the pause don't prolong it.
            if let opening = state.opening, !opening.isOnTrial { return }
            let wasOpen = state.opening.map { !$0.isRequested } ?? false
            let isOutage =
                state.failures.count >= Self.threshold && state.lastAnswer.duration(to: now) >= Self.window
            state.opening =
                wasOpen || isOutage ? Opening(reason: reason, end: end, isRequested: false) : nil
        }
    }

    /// Notes that the authority answered that it is asked too often by this server.
    ///
    /// - Parameter wait: how long it asks to be left alone; zero for not at all.
    func noteLimit(for wait: Duration) {
        let now = clock.now
        let end = now.advanced(by: min(wait + length * .random(in: 0...0.5), longestWait))
        state.withLock { state in
            Self.noteAnswer(in: &state, at: now)
            guard wait > .zero else { return }
            // What an answer leaves open was asked for, too: the longer request counts.
            let last = max(end, state.opening?.end ?? end)
            state.opening = Opening(reason: .rateLimited, end: last, isRequested: true)
        }
    }

    /// Notes that the authority answered that it is not to be asked about a key for a while.
    ///
    /// - Parameters:
    ///   - wait: how long; zero for not at all.
    ///   - key: the key.
    ///   - reason: why.
    func noteLimit(for wait: Duration, on key: CacheKey, _ reason: VerificationError.Reason) {
        noteAnswer()
        guard wait > .zero else { return }
        let now = clock.now
        let entry = CacheEntry(reason, expiry: now.advanced(by: min(wait, longestWait)))
        _ = try? limits.setEntry(entry, for: key, at: now)
    }

    private func limit(on key: CacheKey, at now: Timestamp) -> Pause? {
        guard let limit = try? limits.entry(for: key, at: now) else { return nil }
        return Pause(reason: limit.value, remainder: now.duration(to: limit.expiry))
    }

    private static func noteAnswer(in state: inout State, at now: Timestamp) {
        state.lastAnswer = now
        guard let opening = state.opening else { return }
        if opening.isRequested, !opening.isOnTrial, now < opening.end { return }
        state.opening = nil
    }

    private static func pause(for key: CacheKey, in state: State, at now: Timestamp) -> Pause? {
        guard let opening = state.opening else { return nil }
        var end = opening.end
        if !opening.isRequested, let failure = state.failures[key] {
            end = max(end, failure.advanced(by: window))
        }
        guard now < end else { return nil }
        return Pause(reason: opening.reason, remainder: now.duration(to: end))
    }
}
