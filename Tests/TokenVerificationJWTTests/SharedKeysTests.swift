import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import CacheStoresTesting
import HTTPTransports
import Logging
import StoreProcesses
import Testing
import TokenVerification
import TokenVerificationJWT
import TokenVerificationTestSupport

/// Key sets that the processes of a fleet share through their store.
@Suite(.timeLimit(.minutes(10)))
struct SharedKeysTests {
    enum Place: CaseIterable {
        case memory, file, server
    }

    /// A place where processes open stores, as long as it lives.
    private struct Opener {
        let open: () async throws -> any CacheStore<[UInt8]>
    }

    private let clock = TokenVerificationJWTTests.clock()
    private let server = KeyServer()
    private let first: TestKey
    private let second: TestKey
    private let secret: SealingSecret

    init() throws {
        first = try TestKey(name: "first")
        second = try TestKey(name: "second")
        secret = try SealingSecret([UInt8](repeating: 1, count: 32))
        server.serve(#"{"keys":[\#(try first.json())]}"#)
    }

    private func opener(_ place: Place) async throws -> Opener {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let clock = WallClock(clock)
        switch place {
        case .memory:
            let store = try MemoryStore<[UInt8]>(clock: clock)
            return Opener { store }
        case .file:
            let directory = try TemporaryDirectory()
            return Opener {
                try SQLiteStore(
                    path: directory.path + "/cache.db",
                    clock: clock,
                    deadline: .seconds(60),
                    logger: quiet
                )
            }
        case .server:
            let redis = try await RedisServer()
            return Opener {
                let store = try RedisStore(
                    redis.address,
                    namespace: "test",
                    clock: clock,
                    deadline: .seconds(60),
                    logger: quiet
                )
                try await store.waitUntilConnected()
                return store
            }
        }
    }

    /// An issuer in a process of its own, whose answers and keys are in a store.
    private func issuer(
        on store: any CacheStore<[UInt8]>,
        sealing: Sealing? = nil,
        path: String = "/jwks"
    ) throws -> JWTIssuer {
        let keys = try JSONWebKeySource(
            url: "https://issuer.example" + path,
            options: .unhurried,
            transport: server,
            clock: WallClock(clock)
        )
        let issuer = try JWTIssuer(issuerName, audiences: .oneOf([audience]), keys: keys)
        var options = TokenCacheOptions(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        options.clock = WallClock(clock)
        options.store.deadline = .seconds(60)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: sealing ?? .secret(secret),
            options: options
        )
        _ = try AuthorityTokenVerifier(authority: issuer, cache: cache)
        return issuer
    }

    private func token(_ key: TestKey) throws -> String {
        try key.token(payload: payload(["exp": "9000000"]))
    }

    private func reason(_ issuer: JWTIssuer, _ key: TestKey) async throws -> VerificationError.Reason? {
        await TokenVerificationJWTTests.reason(issuer, try token(key), clock: clock)
    }

    /// What is said of a token that names a key which does not exist.
    private func error(_ issuer: JWTIssuer) async throws -> VerificationError? {
        let text = try first.token(
            header: #"{"alg":"ES256","kid":"none"}"#,
            payload: payload(["exp": "9000000"])
        )
        guard case .failure(let error) = await result(of: issuer, text, clock: clock) else { return nil }
        return error
    }

    @Test(arguments: Place.allCases)
    func `three processes fetch once, also at the same time`(place: Place) async throws {
        let opener = try await opener(place)
        var issuers: [JWTIssuer] = []
        for _ in 0..<3 { issuers.append(try issuer(on: try await opener.open())) }
        let token = try token(first)
        server.hold()
        try await withThrowingTaskGroup { group in
            for issuer in issuers {
                group.addTask { [clock] in
                    #expect(
                        await TokenVerificationJWTTests.reason(issuer, token, clock: clock) == nil
                    )
                }
            }
            while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            server.release()
        }
        #expect(try await reason(issuer(on: opener.open()), first) == nil)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: Place.allCases)
    func `unknown keys cost the issuer one request per cooldown of the whole fleet`(place: Place) async throws
    {
        let opener = try await opener(place)
        let (one, two) = (try issuer(on: try await opener.open()), try issuer(on: try await opener.open()))
        #expect(try await reason(one, first) == nil)
        #expect(try await reason(two, first) == nil)
        clock.advance(by: .seconds(30))
        #expect(try await error(one)?.reason == .unknownKey)
        #expect(server.requests.count == 2)
        clock.advance(by: .seconds(10))
        let three = try issuer(on: try await opener.open())
        for issuer in [two, three, two, one] {
            let error = try await error(issuer)
            #expect(error?.reason == .awaitingKeys)
            #expect(error?.retryAfter == .seconds(20))
        }
        #expect(server.requests.count == 2)
        server.serve(#"{"keys":[\#(try first.json()),\#(try second.json())]}"#)
        clock.advance(by: .seconds(20))
        #expect(try await reason(two, second) == nil)
        #expect(try await reason(one, second) == nil)
        #expect(try await reason(three, second) == nil)
        #expect(server.requests.count == 3)
    }

    @Test func `keys that are due are fetched by one process, and the others take them`() async throws {
        let store = try MemoryStore<[UInt8]>(clock: WallClock(clock))
        let (one, two) = (try issuer(on: store), try issuer(on: store))
        #expect(try await reason(one, first) == nil)
        #expect(try await reason(two, first) == nil)
        server.serve(#"{"keys":[\#(try second.json())]}"#)
        clock.advance(by: .seconds(7200))
        #expect(try await reason(one, second) == nil)
        clock.advance(by: .seconds(100))
        #expect(try await reason(two, second) == nil)
        #expect(server.requests.count == 2)
        #expect(try await reason(two, first) == .unknownKey, "the key has left the set")
        #expect(
            server.requests.count == 3,
            "its token has the keys fetched again, since the cooldown is over"
        )
    }

    @Test func `a process that starts during an outage uses the last keys of the others, for a day`()
        async throws
    {
        let store = try MemoryStore<[UInt8]>(clock: WallClock(clock))
        #expect(try await reason(issuer(on: store), first) == nil)
        server.fail(HTTPTransportError(code: .connectionFailed, message: "down"))
        clock.advance(by: .seconds(86_399))
        let late = try issuer(on: store)
        #expect(try await reason(late, first) == nil)
        #expect(try await reason(late, second) == .awaitingKeys)
        clock.advance(by: .seconds(1))
        #expect(try await reason(late, first) == .unreachable)
        #expect(try await reason(issuer(on: store), first) == .unreachable)
    }

    @Test func `without a secret, or with another one, each process fetches for itself`() async throws {
        let store = try MemoryStore<[UInt8]>(clock: WallClock(clock))
        let other = try SealingSecret([UInt8](repeating: 2, count: 32))
        let sealings: [Sealing] = [
            .tokenOnly, .tokenOnly, .off, .off, .secret(secret), .secret(other), .secret(secret),
        ]
        for (number, sealing) in sealings.enumerated() {
            #expect(try await reason(issuer(on: store, sealing: sealing), first) == nil)
            #expect(server.requests.count == number + 1)
        }
        let both = Sealing.secret(other, previous: [secret])
        #expect(try await reason(issuer(on: store, sealing: both), first) == nil)
        #expect(server.requests.count == sealings.count, "a previous secret still opens")
    }

    @Test func `a record that was changed in any byte is not used`() async throws {
        let store = try PlantingStore(clock: clock)
        #expect(try await reason(issuer(on: store), first) == nil)
        let size = try required(store.written.first).value.count
        for (number, place) in (Array(0..<50) + Array(stride(from: 50, to: size, by: 7))).enumerated() {
            store.plant { entry in
                var value = entry.value
                value[place] ^= 1
                return CacheEntry(value, expiry: entry.expiry)
            }
            #expect(try await reason(issuer(on: store), first) == nil)
            #expect(server.requests.count == number + 2, "byte \(place)")
        }
        store.plant { CacheEntry(Array($0.value.dropLast()), expiry: $0.expiry) }
        let requests = server.requests.count
        #expect(try await reason(issuer(on: store), first) == nil)
        #expect(server.requests.count == requests + 1)
    }

    @Test func `a record of another source, or a prolonged one, is not used`() async throws {
        let store = try PlantingStore(clock: clock)
        server.serve("/other", #"{"keys":[\#(try second.json())]}"#)
        #expect(try await reason(issuer(on: store, path: "/other"), second) == nil)
        #expect(try await reason(issuer(on: store), first) == nil)
        let foreign = try required(store.written.first)
        store.plant { _ in foreign }
        #expect(try await reason(issuer(on: store), second) == .unknownKey)
        #expect(server.requests.count == 3)
        let own = try required(store.written.last)
        store.plant { _ in CacheEntry(own.value, expiry: .distantFuture) }
        server.fail(HTTPTransportError(code: .connectionFailed, message: "down"))
        #expect(try await reason(issuer(on: store), first) == nil)
        clock.advance(by: .seconds(86_400))
        #expect(try await reason(issuer(on: store), first) == .unreachable)
    }

    @Test func `an older set is never taken for one that a process had`() async throws {
        let store = try PlantingStore(clock: clock)
        let reader = try issuer(on: store)
        #expect(try await reason(issuer(on: store), first) == nil)
        let older = try required(store.written.first)
        server.serve(#"{"keys":[\#(try second.json())]}"#)
        clock.advance(by: .seconds(30))
        #expect(try await reason(reader, second) == nil)
        store.plant { _ in older }
        server.fail(HTTPTransportError(code: .connectionFailed, message: "down"))
        for _ in 0..<20 {
            clock.advance(by: .seconds(60))
            #expect(try await reason(reader, first) == .awaitingKeys)
            #expect(try await reason(reader, second) == nil)
        }
    }

    @Test func `a store that fails costs nothing`() async throws {
        let store = try PlantingStore(clock: clock)
        store.fail(true)
        let one = try issuer(on: store)
        for issuer in [one, try issuer(on: store)] { #expect(try await reason(issuer, first) == nil) }
        #expect(server.requests.count == 2)
        clock.advance(by: .seconds(30))
        #expect(try await error(one)?.reason == .unknownKey)
        store.fail(false)
        clock.advance(by: .seconds(30))
        #expect(try await error(one)?.reason == .unknownKey)
        #expect(try await reason(issuer(on: store), first) == nil)
        #expect(server.requests.count == 4)
    }

    @Test func `an issuer that an endpoint confirms shares its keys as well`() async throws {
        let store = try MemoryStore<[UInt8]>(clock: WallClock(clock))
        var options = TokenCacheOptions()
        options.clock = WallClock(clock)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .secret(secret),
            options: options
        )
        server.serve("/other", #"{"keys":[\#(try second.json())]}"#)
        let issuers = try ["/jwks", "/other"].map { path in
            let url = "https://issuer.example" + path
            let keys = try JSONWebKeySource(url: url, transport: server, clock: WallClock(clock))
            return try JWTIssuer(issuerName, audiences: .oneOf([audience]), keys: keys)
        }
        _ = try AuthorityTokenVerifier(authority: issuers[0].confirmed(by: issuers[1]), cache: cache)
        #expect(try await reason(issuers[0], first) == nil)
        #expect(try await reason(issuers[1], second) == nil)
        #expect(try await reason(issuer(on: store), first) == nil)
        #expect(try await reason(issuer(on: store, path: "/other"), second) == nil)
        #expect(server.requests.count == 2)
    }
}
