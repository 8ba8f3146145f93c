import CacheStores
import CacheStoresWaiting

/// Asks the authority again about tokens in use before their answers expire: by one flight per token, and one process
/// of a fleet.
final class RefreshAhead: Sendable {
    /// A refresh is early by up to this share of the age, depending on the key, so that not all are due at once.
    private static let jitter = 0.1

    private let flights = SingleFlight()
    /// How old an answer is when it is due, in milliseconds.
    private let age: Int64
    /// How many refreshes may be under way.
    private let limit: Int
    /// Tokens that were refreshed a moment ago, successfully or not.
    private let recentKeys: KeyMemory<Void>
    /// How long a token is not refreshed after an attempt, and after one that another process made unnecessary.
    private let pauses: (attempt: Duration, unneeded: Duration)
    /// The leases by which one process of a fleet refreshes an answer; no miss waits for them.
    private let leases: FleetLeases?

    /// - Returns: `nil` if answers are not refreshed.
    init?(of answers: StoredAnswers, _ leasing: (any LeasingStore)?, _ options: TokenCacheOptions) throws {
        guard let after = options.refresh.after, answers.rules.longestLife > 0 else { return nil }
        age = after.millisecondsTowardZero
        limit = max(1, options.questions.maximum / 4)
        recentKeys = try KeyMemory(capacity: 16_384, clock: options.clock.intervals)
        // Half of the shorter of age and remaining life: room for two more attempts, and no storm during an outage.
        let span = min(after, answers.rules.shortestLife - after)
        pauses = (attempt: span / 2, unneeded: min(span / 10, .seconds(5)))
        leases =
            answers.memory == nil
            ? leasing.map {
                FleetLeases(
                    in: $0,
                    answers.access,
                    leaseTime: min(options.deadline, RemovalRule.longestQuestion)
                )
            } : nil
    }

    /// Whether an answer is so old that the authority is asked again.
    func isDue(_ token: VerifiedToken, under key: CacheKey, at now: Timestamp) -> Bool {
        let due = age - Int64(Double(age) * Self.jitter * key.fraction)
        return now.millisecondsSince1970 - token.verifiedAt.millisecondsSince1970 >= due
    }

    /// Refreshes the answer to a question, unless that was tried a moment ago, or too many are being refreshed.
    func start(_ question: Question, in cache: TokenCache) {
        guard !recentKeys.contains(question.key) else { return }
        flights.start(for: question.key, limit: limit) { [self] flight in
            let refresh = AnswerRefresh(question: question, flight: flight, cache: cache, refresher: self)
            let outcome = await refresh.outcome(leases)
            recentKeys.insert(
                question.key,
                lasting: outcome == .unneeded ? pauses.unneeded : pauses.attempt
            )
            cache.meter.count(outcome.event)
        }
    }

    /// Keeps no answer of a running refresh of a token.
    func detach(_ key: CacheKey) { flights.detach(key) }

    /// Keeps no answer of the running refreshes.
    func detachAll() { flights.detachAll() }

    func shutdown() async { await flights.shutdown() }
}
