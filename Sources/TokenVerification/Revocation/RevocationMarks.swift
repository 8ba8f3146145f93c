import CacheStores
import Synchronization

/// The marks by which tokens are revoked: those of the store, as this process knows them.
///
/// A class, so that one load tells whether a cache has any.
final class RevocationMarks: Sendable {
    /// How long a mark is kept at least: other processes may keep answers for longer than this one.
    private static let shortestLife = Duration.seconds(86_400)
    /// How much longer a mark is kept than what it ends, since clocks differ.
    static let clockMargin = Duration.seconds(60)

    private let store: any MarkingStore
    private let keys: MarkKeys
    private let near: NearMarks
    /// Marks that the store has not confirmed: they hold in this process all the same.
    private let unconfirmed = Mutex(Marks())
    private let options: TokenCacheOptions.Revocation
    private let listener: InvalidationListener?

    /// The marks of a store; `nil` if the option is off.
    ///
    /// - Throws: ``ConfigurationError`` if the store can't keep marks.
    init?(of answers: any AnswerStore, _ options: TokenCacheOptions) throws {
        guard options.revocation.isOn else { return nil }
        guard let store = answers.store.ability((any MarkingStore).self) else {
            throw ConfigurationError("revocation.isOn = true needs a store with marks (MarkingStore)")
        }
        self.store = store
        self.options = options.revocation
        keys = MarkKeys(secrets: answers.markSecrets)
        let near = try NearMarks(capacity: options.near.capacity, clock: options.clock)
        self.near = near
        let channel = store.reportsMarks ? answers.store.ability((any InvalidatingStore).self) : nil
        listener = channel.map { InvalidationListener(to: $0, keeping: near) }
    }

    /// The state of an answer; `unknown` if the store fails.
    func state(
        of token: VerifiedToken,
        as question: Question,
        at now: Timestamp,
        _ access: StoreAccess
    ) async -> RevocationState {
        let rule = question.authority.markRule
        if let known = near.known(for: question.key, of: token) {
            return state(of: token, after: known.marks, by: rule)
        }
        let named = TokenParties(of: token)
        let partyKeys = keys.keys(of: named.all, in: rule.scope)
        let tokenKeys = keys.keys(
            of: rule.signed.map { [.token($0.signedPart(of: question.token))] } ?? [],
            in: rule.scope
        )
        let all = partyKeys + tokenKeys
        var marks = TokenMarks()
        func add(_ found: [Timestamp?]) {
            marks.latest = found.prefix(partyKeys.count).reduce(marks.latest) { max($0, $1) }
            marks.isRevoked = marks.isRevoked || found.dropFirst(partyKeys.count).contains { $0 != nil }
        }
        // Taken before the first look-up, so that a later mark invalidates it.
        let fill = near.beginFill()
        add(unconfirmed.withLock { own in all.map { own.mark(for: $0, at: now.millisecondsSince1970) } })
        let early = state(of: token, after: marks, by: rule)
        if early != .clear || all.isEmpty { return early }
        let found = await access.attempt(access.reads, for: question) { [store] in
            try await store.marks(for: all)
        }
        guard let found else {
            return rule.signed != nil && !areRequired ? .clear : .unknown
        }
        add(found)
        near.keep(NearMarks.Known(marks: marks, parties: named, keys: all, fill: fill), for: question.key)
        return state(of: token, after: marks, by: rule)
    }

    /// The state of an answer, as far as it is known without a look-up.
    func nearState(of token: VerifiedToken, under key: CacheKey, by rule: MarkRule) -> RevocationState {
        near.known(for: key, of: token).map { state(of: token, after: $0.marks, by: rule) } ?? .unknown
    }

    /// Marks a token, a subject, a client or a session in this process.
    ///
    /// - Returns: the keys of the marks, for ``confirm(_:at:until:_:)``.
    func mark(
        _ target: MarkKeys.Target,
        in scopes: Set<QuestionContext>,
        at moment: Timestamp,
        until end: Timestamp
    ) -> [CacheKey] {
        let marked = scopes.flatMap { keys.keys(of: [target], in: $0) }
        unconfirmed.withLock { own in
            for key in marked {
                own.set(moment, for: key, until: end.millisecondsSince1970, now: moment.millisecondsSince1970)
            }
        }
        // After that: a look-up sees the mark here, or it began before this notice and is not kept.
        for key in marked { near.notice(key) }
        return marked
    }

    /// Whether the store confirmed marks of this process, which then count in every process.
    func confirm(
        _ marked: [CacheKey],
        at moment: Timestamp,
        until end: Timestamp,
        _ access: StoreAccess
    ) async -> Bool {
        let isConfirmed = await access.confirm { [store] in
            for key in marked { try await store.setMark(moment, for: key, until: end) }
        }
        guard isConfirmed else { return false }
        unconfirmed.withLock { own in
            for key in marked { own.remove(moment, for: key) }
        }
        return true
    }

    /// The expiry of a mark that is set now: it outlives every answer and every signed token that it covers.
    ///
    /// - Parameters:
    ///   - now: the moment.
    ///   - life: how long an answer is kept, in milliseconds.
    ///   - deadline: how long a question takes.
    ///   - longestLife: how long a signed token lives.
    /// - Returns: the mark's end.
    static func end(of now: Timestamp, life: Int64, deadline: Duration, longestLife: Duration) -> Timestamp {
        // An answer from the future is believed up to a minute.
        let answers = now.advanced(byMilliseconds: life).advanced(by: deadline + clockMargin)
        let tokens = now.advanced(by: longestLife).advanced(by: clockMargin)
        return max(answers, tokens, now.advanced(by: shortestLife))
    }

    /// Whether a signed token is decided about only while its marks can be read.
    var areRequired: Bool { !options.acceptsUncheckedTokens }

    func stop() async { await listener?.stop() }

    private func state(
        of token: VerifiedToken,
        after marks: TokenMarks,
        by rule: MarkRule
    ) -> RevocationState {
        marks.state(of: token, longestLife: rule.signed?.longestLife, tolerance: options.clockTolerance)
    }
}

/// The later of two marks, of which each may be missing.
private func max(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
    guard let left, let right else { return left ?? right }
    return Swift.max(left, right)
}
