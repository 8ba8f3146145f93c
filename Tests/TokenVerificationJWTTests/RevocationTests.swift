import CacheStores
import CacheStoresTesting
import Foundation
import Testing
import TokenVerification
import TokenVerificationJWT

/// Real signed tokens that are revoked.
@Suite(.timeLimit(.minutes(10)))
struct RevocationTests {
    private let clock = TokenVerificationJWTTests.clock()
    private let store: MemoryStore<[UInt8]>
    private let key: TestKey
    private let keys: JSONWebKeySource

    init() throws {
        store = try MemoryStore(clock: WallClock(clock))
        key = try TestKey()
        keys = JSONWebKeySource(try keySet(key.json()))
    }

    private func cache() throws -> TokenCache {
        var options = TokenCacheOptions()
        // A busy machine has no say in a test.
        options.deadline = .seconds(300)
        options.clock = WallClock(clock)
        options.revocation.isOn = true
        options.store.deadline = .seconds(60)
        options.store.removalDeadline = .seconds(60)
        let secret = try SealingSecret([UInt8](repeating: 1, count: 32))
        return try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .secret(secret),
            options: options
        )
    }

    private func issuer(longestLife: Duration = .seconds(86_400)) throws -> JWTIssuer {
        try JWTIssuer(issuerName, audiences: .oneOf([audience]), keys: keys, longestLife: longestLife)
    }

    private func verifier(
        longestLife: Duration = .seconds(86_400)
    ) throws -> AuthorityTokenVerifier<JWTIssuer> {
        try AuthorityTokenVerifier(authority: issuer(longestLife: longestLife), cache: cache())
    }

    private func token(_ changes: [String: String?] = [:]) throws -> String {
        try key.token(payload: payload(["iat": "999990"].merging(changes) { $1 }))
    }

    private func reason(_ verifier: some TokenVerifier, _ text: String) async -> VerificationError.Reason? {
        do {
            _ = try await verifier.verify(BearerToken(text))
            return nil
        } catch {
            return error.reason
        }
    }

    /// The other spelling of a P-256 signature: (r, n − s).
    private func respelled(_ token: String) throws -> String {
        let parts = token.split(separator: ".").map(String.init)
        let signature = try required(bytes(ofBase64URL: parts[2]))
        let order: [UInt8] = [
            0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
        ]
        var difference = order
        var borrow = 0
        for place in order.indices.reversed() {
            let digit = Int(order[place]) - Int(signature[32 + place]) - borrow
            difference[place] = UInt8(truncatingIfNeeded: digit)
            borrow = digit < 0 ? 1 : 0
        }
        return "\(parts[0]).\(parts[1])." + base64URL(Data(signature[..<32] + difference))
    }

    @Test func `the other spelling of a revoked ES256 token is refused, in every process`() async throws {
        let (one, two) = (try verifier(), try verifier())
        let good = try token()
        let other = try respelled(good)
        #expect(good != other)
        for text in [good, other] { #expect(await reason(one, text) == nil, "both spellings verify") }
        try await one.cache.revoke(BearerToken(good))
        for verifier in [one, two] {
            for text in [good, other] { #expect(await reason(verifier, text) == .revoked) }
        }
        #expect(await reason(two, try token(["jti": #""2""#])) == nil)
    }

    @Test func `a token is revoked until its expiry and not longer`() async throws {
        let verifier = try verifier()
        let good = try token()
        try await verifier.cache.revoke(BearerToken(good))
        clock.advance(by: .seconds(3_599))
        #expect(await reason(verifier, good) == .revoked)
        clock.advance(by: .seconds(1))
        #expect(await reason(verifier, good) == .expired)
    }

    @Test func `only a token that verifies can be revoked`() async throws {
        let verifier = try verifier()
        let foreign = try TestKey().token(payload: payload())
        let cases: [(String, VerificationError.Reason)] = [
            (foreign, .badSignature), (try token(["exp": nil]), .unreadable), ("opaque", .notSigned),
            (try token(["iss": #""https://other.example""#]), .wrongIssuer), ("a.b.c", .unreadable),
        ]
        for (text, reason) in cases {
            let error = await #expect(throws: VerificationError.self) {
                try await verifier.cache.revoke(BearerToken(text))
            }
            #expect(error?.reason == reason)
        }
    }

    @Test(arguments: ["sub", "client_id", "azp", "sid"])
    func `a mark ends the tokens that name the subject, the client or the session`(claim: String) async throws
    {
        let (one, two) = (try verifier(), try verifier())
        let changes = ["sub": #""bob""#].merging([claim: #""it""#]) { $1 }
        let old = try token(changes)
        #expect(await reason(two, old) == nil)
        switch claim {
        case "sub": try await one.cache.forgetAll(ofSubject: "it")
        case "sid": try await one.cache.forgetAll(ofSession: "it")
        default: try await one.cache.forgetAll(ofClient: "it")
        }
        clock.advance(by: .seconds(2))
        for verifier in [one, two] {
            #expect(await reason(verifier, old) == .revoked)
            #expect(await reason(verifier, try token(changes.merging(["iat": "1000000"]) { $1 })) == .revoked)
            #expect(await reason(verifier, try token(changes.merging(["iat": "1000001"]) { $1 })) == nil)
            #expect(await reason(verifier, try token(["sub": #""eve""#])) == nil)
        }
    }

    @Test func `where marks are used, a token lives at most as long as the issuer says`() async throws {
        #expect(throws: ConfigurationError.self) { try issuer(longestLife: .zero) }
        let verifier = try verifier(longestLife: .seconds(3_600))
        #expect(await reason(verifier, try token(["iat": "1000000"])) == nil)
        #expect(await reason(verifier, try token(["iat": "999999"])) == .tooLongLived)
        #expect(await reason(verifier, try token(["iat": nil])) == .tooLongLived)
    }

    @Test func `a token that an endpoint confirms is revoked without asking the endpoint`() async throws {
        let endpoint = WatchedAuthority("endpoint")
        let verifier = try AuthorityTokenVerifier(authority: issuer().confirmed(by: endpoint), cache: cache())
        let plain = try self.verifier()
        let good = try token()
        try await verifier.cache.revoke(BearerToken(good))
        #expect(endpoint.seen.isEmpty)
        #expect(await reason(verifier, good) == .revoked)
        #expect(await reason(plain, good) == .revoked, "one issuer, one mark")
    }
}
