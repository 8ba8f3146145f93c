import CacheStores
import CacheStoresWaiting
import Synchronization

/// A circuit breaker for an authority: it spares callers the wait for one that does not answer.
///
/// One token alone cannot open it. It opens when questions on five different keys timed out or failed to connect within
/// ten seconds in which none was answered. An answer closes it, whatever its status. While it is open, one trial
/// question passes after each pause, about a key that has not failed lately: a token that the authority hangs on does
/// not keep the breaker open. Known keys have a trial of their own, so that a flood of unknown tokens that hang does
/// not take it from them.
///
/// It also waits for as long as an authority asks with `Retry-After`: for all keys or for one.
final class AuthorityBreaker: Sendable {
    /// Whether a question may be asked now.
    enum Admission: Sendable {
        case admitted(Trial? = nil)
        /// It may not, and why; the same question may be asked again after `retryAfter`.
        case refused(VerificationError.Reason, retryAfter: Duration)
    }

    /// The one question that may find out whether the authority answers again.
    struct Trial: Sendable {
        fileprivate let isKnown: Bool
        /// Until when no other question passes.
        fileprivate let end: IntervalClock.Instant
    }

    private struct Opening {
        var reason: VerificationError.Reason
        /// When the next question may pass.
        var end: IntervalClock.Instant
        /// When the next question on a known key may pass, unless the authority asked for the pause.
        var knownEnd: IntervalClock.Instant
        /// Whether the authority asked for it; then an answer to an earlier question does not end it.
        var isRequested: Bool
        var isOnTrial = false
    }

    private struct State {
        /// When questions on keys last timed out or failed to connect; old failures stay until they are in the way.
        var failures: [CacheKey: IntervalClock.Instant] = [:]
        var lastAnswer: IntervalClock.Instant?
        var opening: Opening?
    }

    /// On how many keys questions have to fail.
    static let threshold = 5
    /// How long a failure counts.
    static let window = Duration.seconds(10)
    /// How many keys with failures are remembered.
    private static let rememberedKeys = 1024

    private let length: Duration
    private let longestWait: Duration
    private let clock: IntervalClock
    private let state = Mutex(State())
    private let limits: KeyMemory<VerificationError.Reason>

    /// Makes a closed breaker.
    ///
    /// - Parameters:
    ///   - length: how long each pause is; up to half as long again, at random, so that the processes of a fleet don't
    ///     come back at the same moment.
    ///   - longestWait: the longest pause that an authority can ask for.
    ///   - clock: the clock that pauses are measured by.
    ///   - limits: remembers the keys about which an authority asks for a pause, and why.
    init(
        length: Duration,
        longestWait: Duration,
        clock: IntervalClock,
        limits: KeyMemory<VerificationError.Reason>
    ) {
        self.length = min(length, .seconds(365 * 86_400))
        self.longestWait = longestWait
        self.clock = clock
        self.limits = limits
    }

    /// Whether it is open.
    ///
    /// After an outage it stays open, also between trials, until an answer; after `Retry-After`,
    /// until that time.
    var isOpen: Bool {
        let now = clock.now
        return state.withLock { state in
            guard let opening = state.opening else { return false }
            return !opening.isRequested || now < opening.end
        }
    }

    /// Whether a question would pass now; starts no trial.
    ///
    /// - Parameters:
    ///   - key: what the question is about.
    ///   - isKnown: whether a token with this key was accepted before.
    /// - Returns: whether the question may be asked, and why not.
    func admission(of key: CacheKey, isKnown: Bool) -> Admission {
        let now = clock.now
        return refusal(of: key) ?? state.withLock { Self.refusal(of: key, isKnown: isKnown, in: $0, at: now) }
            ?? .admitted()
    }

    /// Asks to let a question pass, which then tells its outcome.
    ///
    /// - Parameters:
    ///   - key: what the question is about.
    ///   - isKnown: whether a token with this key was accepted before.
    /// - Returns: whether the question may be asked, and why not.
    func admit(_ key: CacheKey, isKnown: Bool) -> Admission {
        let now = clock.now
        if let refusal = refusal(of: key) { return refusal }
        return state.withLock { state in
            if let refusal = Self.refusal(of: key, isKnown: isKnown, in: state, at: now) { return refusal }
            guard var opening = state.opening else { return .admitted() }
            // A question that never tells its outcome counts for one pause.
            let trial = Trial(isKnown: isKnown && !opening.isRequested, end: now.advanced(by: length))
            if trial.isKnown {
                opening.knownEnd = trial.end
            } else {
                opening.end = trial.end
                opening.isOnTrial = true
            }
            state.opening = opening
            return .admitted(trial)
        }
    }

    /// Ends a trial whose question was not sent; the next question becomes the trial.
    func abandon(_ trial: Trial) {
        let now = clock.now
        state.withLock { state in
            guard var opening = state.opening else { return }
            if trial.isKnown, opening.knownEnd == trial.end {
                opening.knownEnd = now
            } else if !trial.isKnown, opening.isOnTrial, opening.end == trial.end {
                opening.end = now
                opening.isOnTrial = false
            }
            state.opening = opening
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
        let end = now.advanced(by: randomPause(in: 1...1.5))
        state.withLock { state in
            if state.failures.count >= Self.rememberedKeys { Self.dropOldFailures(from: &state, at: now) }
            if state.failures.count < Self.rememberedKeys { state.failures[key] = now }
            // Questions from before the pause don't prolong it.
            if let opening = state.opening, !opening.isOnTrial { return }
            let outage = state.opening.flatMap { $0.isRequested ? nil : $0 }
            guard outage != nil || Self.isOutage(&state, at: now) else {
                state.opening = nil
                return
            }
            state.opening = Opening(
                reason: reason,
                end: end,
                knownEnd: outage?.knownEnd ?? now,
                isRequested: false
            )
        }
    }

    /// The pause times a random factor, in whole milliseconds.
    private func randomPause(in range: ClosedRange<Double>) -> Duration {
        .milliseconds((length * .random(in: range)).millisecondsTowardZero)
    }

    private static func isOutage(_ state: inout State, at now: IntervalClock.Instant) -> Bool {
        guard state.failures.count >= threshold else { return false }
        if let last = state.lastAnswer, last.duration(to: now) < window { return false }
        dropOldFailures(from: &state, at: now)
        return state.failures.count >= threshold
    }

    private static func dropOldFailures(from state: inout State, at now: IntervalClock.Instant) {
        state.failures = state.failures.filter { $0.value.duration(to: now) < window }
    }

    /// Notes that the authority answered that this server asks too often.
    ///
    /// - Parameter wait: how long it asks not to be asked; zero for not at all.
    func noteLimit(for wait: Duration) {
        let now = clock.now
        let end = now.advanced(by: min(wait + randomPause(in: 0...0.5), longestWait))
        state.withLock { state in
            Self.noteAnswer(in: &state, at: now)
            guard wait > .zero else { return }
            // What an answer leaves open was asked for, too: the longer request counts.
            let last = max(end, state.opening?.end ?? end)
            state.opening = Opening(reason: .rateLimited, end: last, knownEnd: last, isRequested: true)
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
        limits.insert(reason, for: key, lasting: min(wait, longestWait))
    }

    /// The refusal of questions on a key about which the authority asked for a pause.
    private func refusal(of key: CacheKey) -> Admission? {
        limits.value(for: key).map { .refused($0.value, retryAfter: $0.remainder) }
    }

    private static func noteAnswer(in state: inout State, at now: IntervalClock.Instant) {
        state.lastAnswer = now
        guard let opening = state.opening else { return }
        if opening.isRequested, !opening.isOnTrial, now < opening.end { return }
        state.opening = nil
    }

    private static func refusal(
        of key: CacheKey,
        isKnown: Bool,
        in state: State,
        at now: IntervalClock.Instant
    ) -> Admission? {
        guard let opening = state.opening else { return nil }
        var end = isKnown && !opening.isRequested ? opening.knownEnd : opening.end
        if !opening.isRequested, let failure = state.failures[key] {
            end = max(end, failure.advanced(by: window))
        }
        guard now < end else { return nil }
        return .refused(opening.reason, retryAfter: now.duration(to: end))
    }
}
