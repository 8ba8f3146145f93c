import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import Foundation
import Synchronization
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// Signed tokens verify again, so they are revoked by a mark: in every process, until they expire.
@Suite(.timeLimit(.minutes(10))) struct RevokedTokenTests {
    private let scene = Scene()
    private let store: ScriptedByteStore
    private let authority: SigningAuthority
    private let good = "ada.0.600000.s1"
    private let respelled = "ada.0.600000.s2"

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
        authority = SigningAuthority(scene.wallClock)
    }

    private var options: TokenCacheOptions { scene.revokingOptions }

    /// A verifier with a cache of its own, as another process has one.
    private func process(
        _ options: TokenCacheOptions? = nil,
        authority: SigningAuthority? = nil,
        over store: (any CacheStore<[UInt8]>)? = nil,
        timeToLive: Duration? = .seconds(300),
        near: Duration? = nil
    ) throws -> AuthorityTokenVerifier<SigningAuthority> {
        try scene.verifier(
            authority ?? self.authority,
            over: store ?? self.store,
            options: options ?? self.options,
            timeToLive: timeToLive,
            near: near
        )
    }

    @Test func `each verifier judges by its own longest life`() async throws {
        let long = try process(near: .seconds(5))
        let short = try AuthorityTokenVerifier(
            authority: SigningAuthority(scene.wallClock, longestLife: .seconds(60)),
            cache: long.cache
        )
        for _ in 0..<3 {
            _ = try await long.source(good)
            await expect(.tooLongLived) { try await short.source(good) }
        }
    }

    @Test func `a replaced authority is not held, and its successor revokes`() async throws {
        let cache = try process().cache
        func verifier(_ authority: SigningAuthority) throws -> AuthorityTokenVerifier<SigningAuthority> {
            try AuthorityTokenVerifier(authority: authority, cache: cache)
        }
        var first: SigningAuthority? = SigningAuthority(scene.wallClock)
        weak let replaced = first
        if let authority = first { _ = try await verifier(authority).source(good) }
        first = nil
        #expect(replaced != nil, "a cache can revoke tokens though no verifier is kept")
        let new = try verifier(SigningAuthority(scene.wallClock, audience: "another"))
        #expect(replaced == nil)
        try await cache.revoke(BearerToken(good))
        await expect(.revoked) { try await new.source(good) }
    }

    @Test(arguments: [Duration?.none, .seconds(5)])
    func `a revoked token is refused at once here, and within a second elsewhere`(
        near: Duration?
    ) async throws {
        let (one, two) = (try process(near: near), try process(near: near))
        for verifier in [one, two] {
            for _ in 0..<3 { _ = try await verifier.source(good) }
        }
        try await one.cache.revoke(BearerToken(good))
        await expect(.revoked) { try await one.source(good) }
        scene.clock.advance(by: .milliseconds(999))
        _ = try await two.source(good)
        scene.clock.advance(by: .milliseconds(1))
        for _ in 0..<3 {
            for verifier in [one, two] { await expect(.revoked) { try await verifier.source(good) } }
        }
        #expect(try await two.source("bob.0.600000.s1") == .authority)
    }

    @Test func `another process refuses a revoked token that it sees for the first time`() async throws {
        try await process().cache.revoke(BearerToken(good))
        let other = try process()
        for text in [good, respelled] { await expect(.revoked) { try await other.source(text) } }
    }

    @Test func `the other spelling of the signature is refused as well`() async throws {
        let (one, two) = (try process(), try process())
        _ = try await two.source(respelled)
        try await one.cache.revoke(BearerToken(good))
        await expect(.revoked) { try await one.source(respelled) }
        scene.clock.advance(by: .seconds(1))
        await expect(.revoked) { try await two.source(respelled) }
    }

    @Test func `a token stays revoked until it expires, and for a minute of clocks that are behind`()
        async throws
    {
        let verifier = try process()
        scene.clock.advance(by: .seconds(100))
        try await verifier.cache.revoke(BearerToken(good))
        let ends = store.marks.values.map { scene.clock.now.duration(to: $0) }
        #expect(ends == [.seconds(500 + 60)])
        scene.clock.advance(by: .milliseconds(499_999))
        await expect(.revoked) { try await verifier.source(good) }
        scene.clock.advance(by: .milliseconds(1))
        await expect(.expired) { try await verifier.source(good) }
    }

    @Test func `a mark in a file outlasts every process`() async throws {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        let path = directory.path(of: "cache.db")
        let first = try process(over: SQLiteStore(path: path, clock: scene.wallClock, deadline: .seconds(20)))
        try await first.cache.revoke(BearerToken(good))
        await first.cache.shutdown()
        let second = try process(
            over: SQLiteStore(path: path, clock: scene.wallClock, deadline: .seconds(20))
        )
        await expect(.revoked) { try await second.source(good) }
        await second.cache.shutdown()
    }

    @Test func `a mark outlasts a change of what this server accepts`() async throws {
        try await process().cache.revoke(BearerToken(good))
        try await process().cache.forgetAll(ofSubject: "eve")
        let changed = try process(authority: SigningAuthority(scene.wallClock, audience: "other"))
        await expect(.revoked) { try await changed.source(good) }
        await expect(.revoked) { try await changed.source("eve.0.600000.s1") }
    }

    @Test func `what does not verify, never expires or is not signed can't be revoked`() async throws {
        let verifier = try process()
        let cases: [(String, VerificationError.Reason)] = [
            ("ada.0.600000.s3", .badSignature), ("ada.0.-.s1", .unreadable), ("opaque", .notSigned),
            ("ada.0.0.s1", .expired),
        ]
        for (text, reason) in cases {
            await expect(reason) { try await verifier.cache.revoke(BearerToken(text)) }
        }
        authority.fail(VerificationError(.unreachable))
        await expect(.unreachable) { try await verifier.cache.revoke(BearerToken(good)) }
        #expect(store.marks.isEmpty)
    }

    @Test func `needs the option, and a verifier of signed tokens`() async throws {
        let without = try process(scene.options)
        let error = await #expect(throws: ConfigurationError.self) {
            try await without.cache.revoke(BearerToken(good))
        }
        #expect(error?.message.contains("revocation.isOn") == true)
        let opaque = try scene.verifier(scene.accepting(), over: store, options: options)
        let other = await #expect(throws: ConfigurationError.self) {
            try await opaque.cache.revoke(BearerToken(good))
        }
        #expect(other?.message.contains("forget(_:)") == true)
    }

    @Test func `of several issuers the one that knows the token counts`() async throws {
        let verifier = try process()
        let foreign = ForeignIssuer()
        _ = try AuthorityTokenVerifier(authority: foreign, cache: verifier.cache)
        try await verifier.cache.revoke(BearerToken(good))
        await expect(.revoked) { try await verifier.source(good) }
        await expect(.wrongIssuer) {
            authority.fail(VerificationError(.notSigned))
            return try await verifier.cache.revoke(BearerToken(good))
        }
    }

    @Test func `a mark that the store did not confirm throws, and holds in this process`() async throws {
        let verifier = try process()
        _ = try await verifier.source(good)
        store.fail(.mark)
        await expect(.unconfirmed) { try await verifier.cache.revoke(BearerToken(good)) }
        await expect(.unconfirmed) { try await verifier.cache.forgetAll(ofSubject: "bob") }
        for text in [good, respelled, "bob.0.600000.s1"] {
            await expect(.revoked) { try await verifier.source(text) }
        }
        scene.clock.advance(by: .seconds(300))
        store.fail(.readMarks)
        await expect(.revoked) { try await verifier.source(respelled) }
        store.recover()
        try await verifier.cache.revoke(BearerToken(good))
        await expect(.revoked) { try await process().source(good) }
    }

    @Test(arguments: MarkedParty.allCases)
    func `a mark ends the tokens that were issued up to its second`(party: MarkedParty) async throws {
        let (one, two) = (try process(), try process())
        func token(issued: Int64) -> String { "ada.\(issued).\(issued + 600_000).s1" }
        scene.clock.advance(by: .milliseconds(1_700))
        _ = try await two.source(token(issued: 1_000))
        try await party.mark("ada", in: one.cache)
        scene.clock.advance(by: .seconds(1))
        for verifier in [one, two] {
            for issued in [0, 1_000, 1_700, 1_999] as [Int64] {
                await expect(.revoked) { try await verifier.source(token(issued: issued)) }
            }
            _ = try await verifier.source(token(issued: 2_000))
            _ = try await verifier.source("bob.0.600000.s1")
        }
    }

    @Test func `a mark on a subject lives as long as the longest signed token`() async throws {
        let long = SigningAuthority(scene.wallClock, longestLife: .seconds(7 * 86_400))
        try await process(authority: long).cache.forgetAll(ofSubject: "ada")
        let ends = store.marks.values.map { scene.clock.now.duration(to: $0) }
        #expect(ends == [.seconds(7 * 86_400 + 60)])
    }

    @Test func `a token that lives too long, or not since a time, is refused where marks are used`()
        async throws
    {
        let (with, without) = (try process(), try process(scene.options))
        _ = try await with.source("ada.0.3600000.s1")
        for text in ["ada.0.3600001.s1", "ada.-.600000.s1"] {
            _ = try await without.source(text)
            await expect(.tooLongLived) { try await with.source(text) }
        }
    }

    @Test func `while marks can't be read a signed token is unavailable, unless that risk is taken`()
        async throws
    {
        var careless = options
        careless.revocation.acceptsUncheckedTokens = true
        let (strict, lax) = (try process(), try process(careless))
        _ = try await strict.source(good)
        store.fail(.readMarks)
        scene.clock.advance(by: .seconds(1))
        await expect(.unknownMarks) { try await strict.source(good) }
        #expect(try await lax.source(good) == .store)
        #expect(try await lax.source("bob.0.600000.s1") == .authority)
        store.recover()
        #expect(try await strict.source(good) == .store)
    }

    @Test func `a process that keeps nothing refuses a revoked token`() async throws {
        let without = try process(timeToLive: nil)
        #expect(try await without.source(good) == .authority)
        try await process().cache.revoke(BearerToken(good))
        scene.clock.advance(by: .seconds(1))
        await expect(.revoked) { try await without.source(good) }
    }

    @Test func `costs one look-up for each token and second without notices`() async throws {
        let verifier = try process()
        for round in 1...3 {
            for _ in 0..<100 {
                for text in [good, "bob.0.600000.s1"] { _ = try await verifier.source(text) }
            }
            #expect(store.count(of: .readMarks) == 2 * round)
            scene.clock.advance(by: .seconds(1))
        }
    }

    @Test func `an answer of a process whose clock is ahead is forgotten within the tolerance`() async throws
    {
        let ahead = ManualClock(now: scene.clock.now.advanced(by: .seconds(3)))
        let authority = ScriptedAuthority { [scene] token in
            var content = scene.answer(to: token).content
            content.verifiedAt = ahead.now
            return .accepted(VerifiedToken(content), cacheable: true)
        }
        let verifier = try scene.verifier(authority, over: store, options: options)
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .seconds(1))
        #expect(try await verifier.source("abc") == .store)
        try await verifier.cache.forgetAll(ofSubject: "subject of abc")
        #expect(try await verifier.source("abc") == .authority)
        for clock in [scene.clock, ahead] { clock.advance(by: .seconds(2)) }
        #expect(
            try await verifier.source("abc") == .authority,
            "later than the mark, but not by the tolerance"
        )
        for clock in [scene.clock, ahead] { clock.advance(by: .seconds(2)) }
        #expect(try await verifier.source("abc") == .authority)
        #expect(try await verifier.source("abc") == .store)
    }

    @Test(arguments: [Duration.seconds(-1), .seconds(61)])
    func `a tolerance that makes no sense is refused`(tolerance: Duration) throws {
        var options = options
        options.revocation.clockTolerance = tolerance
        #expect(throws: ConfigurationError.self) { try process(options) }
    }
}
