import CacheStores
import CacheStoresWaiting
import HTTPTransports
import Synchronization
import TokenVerification

/// An issuer's keys: where they come from, and the last set that was fetched.
///
/// Tokens of known keys do not wait: a set is used while a newer one is fetched, and during an outage up to
/// ``Options/maximumAge``. Only a set that was not refreshed in time, since no token came, is refreshed first. A token of an unknown key has the set fetched once per ``Options/cooldown``, so a flood of
/// them costs the issuer one request per cooldown. One fetch runs at a time; a source is meant to be shared by all
/// verifiers of its issuer.
///
/// Where a verifier's cache seals its answers with a secret (`Sealing.secret`), the processes that share its store share
/// the sets, too: one of them fetches, and the cooldown holds for all. A process that starts during an outage of the
/// issuer uses the last set of the others. A store that fails costs nothing: each process then fetches for itself.
public final class JSONWebKeySource: Sendable {
    private typealias Fetch = Task<Result<CurrentKeys, VerificationError>, Never>

    private struct State {
        var current: CurrentKeys?
        /// The sets that the fleet shares, if it does.
        var shared: SharedKeys?
        var address: HTTPEndpoint?
        var fetch: Fetch?
        /// When the last fetch of this process began, or that of another process whose keys were taken.
        var lastFetch: IntervalClock.Instant?
        /// While there are no keys: when the next fetch may begin.
        var nextFetch: IntervalClock.Instant?
        var backOff: Backoff
        /// Why the last fetch failed; `nil` if it did not.
        var failure: VerificationError?
        var isShutDown = false
    }

    /// What a token whose key is not at hand has to do.
    private enum Step {
        /// A fetch that ended meanwhile brought this set.
        case search(JSONWebKeySet)
        case wait(Fetch, isOwn: Bool)
        case fail(VerificationError)
    }

    /// Where the keys come from, for the identity of an authority's answers.
    let name: String
    /// The longest time of one fetch.
    public var deadline: Duration { options.deadline }

    private let fetcher: KeyFetcher?
    private let options: Options
    private let clock: IntervalClock
    private let state: Mutex<State>

    /// Keys that never change and are never fetched.
    public init(_ keys: JSONWebKeySet) {
        name = keys.keys.map { "\($0.thumbprint) \($0.algorithm?.description ?? "") \($0.keyID ?? "")" }
            .sorted().joined(separator: "\n")
        fetcher = nil
        options = Options()
        clock = .continuous
        let current = CurrentKeys(keys, fetched: clock.now, maximumAge: nil, options)
        state = Mutex(State(current: current, backOff: options.backOff))
    }

    init(
        _ location: KeyFetcher.Location,
        name: String,
        options: Options,
        allowsPlainHTTP: Bool,
        transport: any HTTPTransport,
        clock: WallClock
    ) throws {
        try options.validate()
        self.name = name
        self.options = options
        self.clock = clock.intervals
        fetcher = KeyFetcher(
            location: location,
            transport: transport,
            deadline: options.deadline,
            allowsPlainHTTP: allowsPlainHTTP
        )
        state = Mutex(State(backOff: options.backOff))
    }

    /// Shares the sets with the other processes of a fleet from now on; the first store counts.
    func share(through records: SharedRecords) {
        guard let fetcher else { return }
        let allowsPlainHTTP = fetcher.allowsPlainHTTP ? "plain HTTP" : "HTTPS"
        let name = AuthorityIdentity(kind: "jwt-keys", parameters: ["source": name, "by": allowsPlainHTTP])
        let shared = SharedKeys(records: records, name: name, options: options, clock: clock)
        state.withLock { $0.shared = $0.shared ?? shared }
    }

    /// The keys at hand; `nil` if there are none, or if they are too old.
    public var keys: JSONWebKeySet? {
        let now = clock.now
        return state.withLock { usable($0, at: now)?.set }
    }

    /// Whether a key with a thumbprint is at hand, and no fetch is due.
    func hasForCertain(thumbprint: String) -> Bool {
        let now = clock.now
        return state.withLock { state in
            guard let current = usable(state, at: now), fetcher == nil || now < current.refresh else {
                return false
            }
            return current.set.contains(thumbprint: thumbprint)
        }
    }

    /// Searches the keys, and fetches them where that may help.
    ///
    /// - Parameter search: what is looked for; `nil` if it is not in the set.
    /// - Returns: what was found.
    /// - Throws: what `search` throws; `unknownKey` if a set that was fetched for this search does not have it; an error
    ///   of code `unavailable` if keys can't be had, or can't be fetched again yet.
    func find<Found>(
        _ search: (JSONWebKeySet) throws(VerificationError) -> Found?
    ) async throws(VerificationError) -> Found {
        let now = clock.now
        let current = await refreshed(at: now)
        if let current, let found = try search(current.set) { return found }
        guard fetcher != nil else { throw VerificationError(.unknownKey) }
        var searched = current
        while true {
            switch step(after: searched, at: now) {
            case .fail(let error): throw error
            case .search(let set):
                if let found = try search(set) { return found }
                throw pending(at: now)
            case .wait(let fetch, let isOwn):
                switch await result(of: fetch) {
                case .success(let keys):
                    if let found = try search(keys.set) { return found }
                    // Another process's fetch may be older than the cooldown: then the issuer is asked once.
                    if keys.isShared, searched?.fetched != keys.fetched {
                        searched = keys
                        continue
                    }
                    // A fetch that began before this search may have missed a key that was published meanwhile.
                    throw isOwn && !keys.isShared ? VerificationError(.unknownKey) : pending(at: clock.now)
                case .failure(let error) where error.reason == .cancelled: throw error
                case .failure(let error):
                    // Tokens of known keys go on, so this is no outage of the issuer for this server.
                    throw searched == nil ? error : pending(at: clock.now, error.detail)
                }
            }
        }
    }

    /// The keys at hand, which are fetched first if that was due long ago.
    ///
    /// If they are merely due, a fetch begins. During an outage no search waits: the last fetch has failed.
    private func refreshed(at now: IntervalClock.Instant) async -> CurrentKeys? {
        let (current, isFailing) = state.withLock { (usable($0, at: now), $0.failure != nil) }
        guard let current, fetcher != nil, now >= current.refresh,
            case .wait(let fetch, _) = step(after: current, at: now)
        else {
            return current
        }
        guard !isFailing, now >= current.fetched.advanced(by: options.refreshInterval.upperBound),
            case .success = await result(of: fetch)
        else { return current }
        return state.withLock { usable($0, at: now) } ?? current
    }

    /// What a fetch brings; a cancelled caller does not wait for it.
    ///
    /// The fetch ends by itself at its deadline. The longer one here is for a process that is short of threads.
    private func result(of fetch: Fetch) async -> Result<CurrentKeys, VerificationError> {
        do throws(VerificationError) {
            return try await punctually(within: options.deadline * 2) { await fetch.value }
        } catch {
            return .failure(error)
        }
    }

    /// Ends a fetch that is under way; may be called twice.
    public func shutdown() async {
        let fetch = state.withLock { state in
            state.isShutDown = true
            return state.fetch
        }
        fetch?.cancel()
        _ = await fetch?.value
    }

    private func usable(_ state: State, at now: IntervalClock.Instant) -> CurrentKeys? {
        guard let current = state.current else { return nil }
        return fetcher == nil || now < current.fetched.advanced(by: options.maximumAge) ? current : nil
    }

    /// What comes next when the keys that were searched are too few or due.
    private func step(after searched: CurrentKeys?, at now: IntervalClock.Instant) -> Step {
        state.withLock { state in
            if state.isShutDown { return .fail(VerificationError(.shutDown)) }
            if let fetch = state.fetch { return .wait(fetch, isOwn: false) }
            if let current = usable(state, at: now) {
                if current.fetched != searched?.fetched { return .search(current.set) }
                if let last = state.lastFetch, now < last.advanced(by: options.cooldown) {
                    let rest = now.duration(to: last.advanced(by: options.cooldown))
                    return .fail(VerificationError(.awaitingKeys, retryAfter: rest))
                }
            } else if let next = state.nextFetch, now < next {
                let failure = state.failure ?? VerificationError(.failed)
                return .fail(
                    VerificationError(
                        failure.reason,
                        retryAfter: now.duration(to: next),
                        detail: failure.detail
                    )
                )
            }
            let address = state.address
            state.lastFetch = now
            // Ended by its deadline, or by `shutdown()`.
            let fetch = Fetch { await self.fetch(at: address, begun: now) }
            state.fetch = fetch
            return .wait(fetch, isOwn: true)
        }
    }

    private func fetch(
        at address: HTTPEndpoint?,
        begun: IntervalClock.Instant
    ) async -> Result<CurrentKeys, VerificationError> {
        do throws(VerificationError) {
            let keys = try await punctually(within: options.deadline) {
                try await self.newestKeys(at: address, begun: begun)
            }
            state.withLock { state in
                state.current = keys
                state.lastFetch = keys.fetched
                state.address = keys.address ?? state.address
                state.fetch = nil
                state.backOff = options.backOff
                state.nextFetch = nil
                state.failure = nil
            }
            return .success(keys)
        } catch {
            let others = await state.withLock(\.shared)?.last()
            return state.withLock { state in
                let error = state.isShutDown ? VerificationError(.shutDown) : error
                // The metadata is read again, since the keys may have moved.
                state.address = nil
                state.fetch = nil
                let wait = max(state.backOff.next(), error.retryAfter ?? .zero)
                state.nextFetch = clock.now.advanced(by: wait)
                state.failure = error
                guard let others, others.isNewer(than: state.current) else { return .failure(error) }
                state.current = others
                return .success(others)
            }
        }
    }

    private func newestKeys(
        at address: HTTPEndpoint?,
        begun: IntervalClock.Instant
    ) async throws(VerificationError) -> CurrentKeys {
        guard let fetcher else { throw VerificationError(.failed) }
        let (shared, current) = state.withLock { ($0.shared, $0.current) }
        guard let shared else { return try await fetcher.keys(at: address).current(begun, options) }
        return try await shared.keys(after: current, begun: begun) { () async throws(VerificationError) in
            try await fetcher.keys(at: address)
        }
    }

    private func pending(
        at now: IntervalClock.Instant,
        _ detail: VerificationError.Detail? = nil
    ) -> VerificationError {
        let next = state.withLock { $0.lastFetch }?.advanced(by: options.cooldown) ?? now
        return VerificationError(
            .awaitingKeys,
            retryAfter: max(now.duration(to: next), .seconds(1)),
            detail: detail
        )
    }
}
