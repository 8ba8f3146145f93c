import CacheStores

/// Every rule that an answer of a store must pass to be used, but for its marks (``RevocationMarks``).
struct AnswerRules: Sendable {
    /// How old an answer may be in this process, whichever process asked the question.
    private let timeToLive: Int64
    /// How long a record is kept, its grace included, in milliseconds.
    let life: Int64
    /// Answers that were forgotten, whatever a store still holds.
    let withdrawals: Withdrawals
    /// Old answers that must not be used in an outage, since the authority has refused their tokens.
    ///
    /// They have a memory of their own: a flood of refusals overflows it, and must not put every other answer in doubt.
    private let refusedAnswers: Withdrawals

    /// - Parameters:
    ///   - timeToLive: how long an answer is used after its question began.
    ///   - grace: how much longer it is used in an outage.
    ///   - capacity: how many forgotten keys, and how many refused ones, are remembered one by one.
    init(timeToLive: Duration?, grace: Duration?, capacity: Int) {
        self.timeToLive = timeToLive?.millisecondsTowardZero ?? 0
        let sum = self.timeToLive.addingReportingOverflow(grace?.millisecondsTowardZero ?? 0)
        life = sum.overflow ? .max : sum.partialValue
        withdrawals = Withdrawals(capacity: capacity)
        refusedAnswers = Withdrawals(capacity: capacity)
    }

    /// Whether what a store holds counts at all: it has not expired, and its token was not forgotten.
    ///
    /// The store's own expiry is not authenticated; that of a sealed record is.
    func allow(_ content: RecordContent, under key: CacheKey, at now: Timestamp) -> Bool {
        now < content.expiry && !withdrawals.covers(key, verifiedAt: content.token.verifiedAt)
    }

    /// Whether an answer is recent enough to be used without a question.
    func isFresh(_ token: VerifiedToken, at now: Timestamp) -> Bool {
        token.isUsable(forMilliseconds: timeToLive, at: now)
    }

    /// Whether an old answer may be used in an outage: within its grace, not forgotten meanwhile, and not refused.
    func allowStale(_ token: VerifiedToken, under key: CacheKey, at now: Timestamp) -> Bool {
        token.isUsable(forMilliseconds: life, at: now)
            && !withdrawals.covers(key, verifiedAt: token.verifiedAt)
            && !refusedAnswers.covers(key, verifiedAt: token.verifiedAt)
    }

    /// Notes that the authority refused a token: removing its old answer may fail, and must not bring it back.
    func noteRefusal(of key: CacheKey, at now: Timestamp) {
        refusedAnswers.withdraw(key, at: now)
    }
}
