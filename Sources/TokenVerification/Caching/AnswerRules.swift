import CacheStores

/// Every rule that an answer of a store must pass to be used, except its marks (``RevocationMarks``).
struct AnswerRules: Sendable {
    /// How old an answer may be in this process, whichever process asked the question.
    private let timeToLive: Int64
    /// How much longer it may be used in an outage.
    private let grace: Int64
    /// The share by which its time to live is shortened at the most.
    private let jitter: Double
    /// Answers that were forgotten, whatever a store still holds.
    let withdrawals: Withdrawals
    /// Old answers that must not be used in an outage, since the authority has refused their tokens.
    ///
    /// They have a memory of their own: a flood of refusals overflows it, and must not put every other answer in doubt.
    private let refusedAnswers: Withdrawals

    /// - Parameters:
    ///   - timeToLive: how long an answer is used after its question began.
    ///   - grace: how much longer it is used in an outage.
    ///   - jitter: by which share its time to live is shortened at the most.
    ///   - capacity: how many forgotten keys, and how many refused ones, are remembered one by one.
    init(timeToLive: Duration?, grace: Duration?, jitter: Double, capacity: Int) {
        self.timeToLive = timeToLive?.millisecondsTowardZero ?? 0
        self.grace = grace?.millisecondsTowardZero ?? 0
        self.jitter = jitter
        withdrawals = Withdrawals(capacity: capacity)
        refusedAnswers = Withdrawals(capacity: capacity)
    }

    /// How long an answer is used at the least, unless its token expires.
    var shortestLife: Duration { .milliseconds(timeToLive) * (1 - jitter) }

    /// How long a record is kept at the longest, its grace included, in milliseconds.
    var longestLife: Int64 { Self.sum(timeToLive, grace) }

    /// How long a token's record is kept, its grace included, in milliseconds.
    func life(under key: CacheKey) -> Int64 { Self.sum(timeToLive(under: key), grace) }

    private func timeToLive(under key: CacheKey) -> Int64 {
        jitter == 0 ? timeToLive : timeToLive - Int64(Double(timeToLive) * jitter * key.fraction)
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isTooLong) = left.addingReportingOverflow(right)
        return isTooLong ? .max : sum
    }

    /// Whether what a store holds counts at all: it has not expired, and its token was not forgotten.
    ///
    /// The store's own expiry is not authenticated; that of a sealed record is.
    func allow(_ content: RecordContent, under key: CacheKey, at now: Timestamp) -> Bool {
        now < content.expiry && !withdrawals.covers(key, verifiedAt: content.token.verifiedAt)
    }

    /// Whether an answer is recent enough to be used without a question.
    func isFresh(_ token: VerifiedToken, under key: CacheKey, at now: Timestamp) -> Bool {
        token.isUsable(forMilliseconds: timeToLive(under: key), at: now)
    }

    /// Whether an old answer may be used in an outage: within its grace, not forgotten meanwhile, and not refused.
    func allowStale(_ token: VerifiedToken, under key: CacheKey, at now: Timestamp) -> Bool {
        token.isUsable(forMilliseconds: life(under: key), at: now)
            && !withdrawals.covers(key, verifiedAt: token.verifiedAt)
            && !refusedAnswers.covers(key, verifiedAt: token.verifiedAt)
    }

    /// Notes that the authority refused a token: removing its old answer may fail, and must not bring it back.
    func noteRefusal(of key: CacheKey, at now: Timestamp) {
        refusedAnswers.withdraw(key, at: now)
    }
}

extension CacheKey {
    /// A number from 0 to below 1 that every process computes of a key; of many keys they are spread evenly.
    var fraction: Double { Double(words.2 >> 11) * 0x1p-53 }
}
