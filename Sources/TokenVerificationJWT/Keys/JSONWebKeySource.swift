public import CacheStores
public import HTTPTransports
import Synchronization
import TokenVerification

/// An issuer's keys: where they come from, and the last set that was fetched.
///
/// Tokens of known keys never wait: a set is used while a newer one is fetched, and during an outage up to
/// ``Options/maximumAge``. A token of an unknown key has the set fetched once per ``Options/cooldown``, so a flood of
/// them costs the issuer one request per cooldown. One fetch runs at a time; a source is meant to be shared by all
/// verifiers of its issuer.
public final class JSONWebKeySource: Sendable {
    /// Keys that were fetched.
    struct Held: Sendable {
        let set: JSONWebKeySet
        let fetched: Timestamp
        let refresh: Timestamp
    }

    private typealias Fetch = Task<Result<JSONWebKeySet, VerificationError>, Never>

    private struct State {
        var held: Held?
        var address: HTTPEndpoint?
        var fetch: Fetch?
        var lastFetch: Timestamp?
        /// While there are no keys: when the next fetch may begin, after how many failures, and the last one.
        var nextFetch: Timestamp?
        var failures = 0
        var failure: VerificationError?
        var isShutDown = false
    }

    /// What a token whose key is not at hand has to do.
    private enum Step {
        case wait(Fetch, isOwn: Bool)
        case fail(VerificationError)
    }

    /// Where the keys come from, for the identity of an authority's answers.
    let name: String
    /// The longest time of one fetch.
    public var deadline: Duration { options.deadline }

    private let fetcher: KeyFetcher?
    private let options: Options
    private let clock: WallClock
    private let ownTransport: (any HTTPTransport)?
    private let state: Mutex<State>

    /// Keys at a fixed address.
    ///
    /// - Parameters:
    ///   - url: the address of the key set; `https`, or `http` on a loopback host.
    ///   - options: how often keys are fetched, and how long they are used.
    ///   - allowsPlainHTTP: whether the address may be `http` on another machine. Keys can then be forged on the way.
    ///   - transport: what carries the requests; `nil` for a `CurlTransport` of the source's own.
    ///   - clock: the clock by which keys age.
    /// - Throws: ``ConfigurationError`` for an argument that can't work.
    public convenience init(
        url: String,
        options: Options = Options(),
        allowsPlainHTTP: Bool = false,
        transport: (any HTTPTransport)? = nil,
        clock: WallClock = .system
    ) throws {
        let address = try Self.endpoint(url, as: "key set's address", allowsPlainHTTP)
        try self.init(
            .keys(address),
            name: address.canonical,
            options: options,
            allowsPlainHTTP: allowsPlainHTTP,
            transport: transport,
            clock: clock
        )
    }

    /// Keys that the issuer's metadata names: by RFC 8414, or else by OpenID Connect Discovery.
    ///
    /// - Parameters:
    ///   - issuer: the issuer's identifier, as its tokens have it in `iss`; a URL without query.
    ///   - options: how often keys are fetched, and how long they are used.
    ///   - allowsPlainHTTP: whether addresses may be `http` on another machine. Keys can then be forged on the way.
    ///   - transport: what carries the requests; `nil` for a `CurlTransport` of the source's own.
    ///   - clock: the clock by which keys age.
    /// - Throws: ``ConfigurationError`` for an argument that can't work.
    public convenience init(
        discovering issuer: String,
        options: Options = Options(),
        allowsPlainHTTP: Bool = false,
        transport: (any HTTPTransport)? = nil,
        clock: WallClock = .system
    ) throws {
        let base = try Self.endpoint(issuer, as: "issuer's identifier", allowsPlainHTTP)
        guard !base.path.utf8.contains(UInt8(ascii: "?")) else {
            throw ConfigurationError("the issuer's identifier must have no query")
        }
        let path = base.path.hasSuffix("/") ? String(base.path.dropLast()) : base.path
        let origin = "\(base.scheme)://\(base.authority)"
        let addresses = [
            "\(origin)/.well-known/oauth-authorization-server\(path)",
            "\(origin)\(path)/.well-known/openid-configuration",
        ]
        var metadata: [HTTPEndpoint] = []
        for address in addresses {
            metadata.append(try Self.endpoint(address, as: "issuer's identifier", allowsPlainHTTP))
        }
        try self.init(
            .issuer(issuer, metadata: metadata),
            name: "discovery",
            options: options,
            allowsPlainHTTP: allowsPlainHTTP,
            transport: transport,
            clock: clock
        )
    }

    /// Keys that never change and are never fetched.
    public init(_ keys: JSONWebKeySet) {
        name = keys.keys.map(\.thumbprint).sorted().joined(separator: " ")
        fetcher = nil
        options = Options()
        clock = .system
        ownTransport = nil
        let held = Held(set: keys, fetched: .distantPast, refresh: .distantFuture)
        state = Mutex(State(held: held))
    }

    private init(
        _ location: KeyFetcher.Location,
        name: String,
        options: Options,
        allowsPlainHTTP: Bool,
        transport: (any HTTPTransport)?,
        clock: WallClock
    ) throws {
        try options.validate()
        let own = transport == nil ? try CurlTransport(.init(allowsPlainHTTP: allowsPlainHTTP)) : nil
        guard let carrier = transport ?? own else { throw ConfigurationError("no transport") }
        self.name = name
        self.options = options
        ownTransport = own
        self.clock = clock.isInjected ? clock : .monotonic
        fetcher = KeyFetcher(
            location: location,
            transport: carrier,
            deadline: options.deadline,
            allowsPlainHTTP: allowsPlainHTTP
        )
        state = Mutex(State())
    }

    /// The keys at hand; `nil` if there are none, or if they are too old.
    public var keys: JSONWebKeySet? {
        let now = clock.now
        return state.withLock { usable($0, at: now)?.set }
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
        let held = state.withLock { usable($0, at: now) }
        if let held, let found = try search(held.set) {
            if now >= held.refresh { refresh(at: now) }
            return found
        }
        guard fetcher != nil else { throw VerificationError(.unknownKey) }
        switch step(at: now) {
        case .fail(let error): throw error
        case .wait(let fetch, let isOwn):
            switch await fetch.value {
            case .success(let set):
                if let found = try search(set) { return found }
                // A fetch that began before this search may have missed a key that was published meanwhile.
                throw isOwn ? VerificationError(.unknownKey) : pending(at: clock.now)
            case .failure(let error):
                // Tokens of known keys go on, so this is no outage of the issuer for this server.
                throw held == nil ? error : pending(at: clock.now, error.detail)
            }
        }
    }

    /// The keys at hand, or those that a fetch brings.
    func current() async throws(VerificationError) -> JSONWebKeySet {
        try await find { $0 }
    }

    /// Ends a fetch that is under way and lets go of connections; may be called twice.
    public func shutdown() async {
        let fetch = state.withLock { state in
            state.isShutDown = true
            return state.fetch
        }
        fetch?.cancel()
        _ = await fetch?.value
        await ownTransport?.shutdown()
    }

    private func usable(_ state: State, at now: Timestamp) -> Held? {
        guard let held = state.held else { return nil }
        return fetcher == nil || now < held.fetched.advanced(by: options.maximumAge) ? held : nil
    }

    private func refresh(at now: Timestamp) {
        _ = step(at: now)
    }

    private func step(at now: Timestamp) -> Step {
        state.withLock { state in
            if state.isShutDown { return .fail(VerificationError(.shutDown)) }
            if let fetch = state.fetch { return .wait(fetch, isOwn: false) }
            if usable(state, at: now) != nil {
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
        begun: Timestamp
    ) async -> Result<JSONWebKeySet, VerificationError> {
        guard let fetcher else { return .failure(VerificationError(.failed)) }
        do throws(VerificationError) {
            let fetched = try await fetcher.keys(at: address)
            let bounds = options.refreshInterval
            let life = min(max(fetched.maximumAge ?? bounds.lowerBound, bounds.lowerBound), bounds.upperBound)
            state.withLock { state in
                state.held = Held(set: fetched.set, fetched: begun, refresh: begun.advanced(by: life))
                state.address = fetched.address
                state.fetch = nil
                state.failures = 0
                state.nextFetch = nil
            }
            return .success(fetched.set)
        } catch {
            state.withLock { state in
                // The metadata is read again, since the keys may have moved.
                state.address = nil
                state.fetch = nil
                let pause = Duration.seconds(1 << min(state.failures, 5))
                let wait = max(min(pause, options.cooldown), error.retryAfter ?? .zero)
                state.nextFetch = clock.now.advanced(by: wait)
                state.failures += 1
                state.failure = error
            }
            return .failure(error)
        }
    }

    private func pending(at now: Timestamp, _ detail: VerificationError.Detail? = nil) -> VerificationError {
        let next = state.withLock { $0.lastFetch }?.advanced(by: options.cooldown) ?? now
        return VerificationError(
            .awaitingKeys,
            retryAfter: max(now.duration(to: next), .seconds(1)),
            detail: detail
        )
    }

    private static func endpoint(
        _ url: String,
        as purpose: String,
        _ allowsPlainHTTP: Bool
    ) throws(ConfigurationError) -> HTTPEndpoint {
        do {
            return try HTTPEndpoint(url, allowingPlainHTTP: allowsPlainHTTP)
        } catch {
            let message = (error as? HTTPTransportError)?.message ?? "it can't be read"
            throw ConfigurationError("the \(purpose) is wrong: \(message)")
        }
    }
}

extension JSONWebKeySource.Options {
    func validate() throws(ConfigurationError) {
        guard deadline > .zero, deadline <= .seconds(30) else {
            throw ConfigurationError(
                "the deadline of a fetch of keys must be greater than zero and at most 30 s, not \(deadline)"
            )
        }
        guard refreshInterval.lowerBound > .zero, maximumAge >= refreshInterval.upperBound, cooldown > .zero
        else {
            throw ConfigurationError(
                "refreshInterval and cooldown must be greater than zero, and maximumAge at least as long as refreshInterval"
            )
        }
    }
}
