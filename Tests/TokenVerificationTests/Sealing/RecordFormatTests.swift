import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

/// Two releases may share one store, so the bytes of keys and records never change within a version.
@Suite(.timeLimit(.minutes(10))) struct RecordFormatTests {
    private let scene = Scene()

    private var token: VerifiedToken {
        var content = VerifiedToken.Content(
            verifiedAt: scene.clock.now,
            claims: Claims(["a": .integer(-1), "b": .string("é")])
        )
        content.subject = "alice"
        content.clientID = "app"
        content.username = "Alice"
        content.issuer = "https://issuer"
        content.scopes = ["write", "read"]
        content.audiences = ["api"]
        content.issuedAt = Timestamp(millisecondsSince1970: 1)
        content.notBefore = Timestamp(millisecondsSince1970: 2)
        content.expiry = Timestamp(millisecondsSince1970: 2_000_000_000_000)
        return VerifiedToken(content)
    }

    static let golden =
        "ff05616c6963650361707005416c6963650e68747470733a2f2f697373756572020472656164057772697465"
        + "01000000000000000200000000000000"
        + "00204aa9d1010000" + "0103617069" + "0161020301" + "01620406" + "02c3a9"

    private func decode(_ bytes: some Collection<UInt8>) -> VerifiedToken? {
        Array(bytes).withUnsafeBytes { TokenRecord.decode($0, verifiedAt: scene.clock.now) }
    }

    @Test func `keeps the bytes of a token`() throws {
        #expect(TokenRecord.encode(token).hexadecimal == Self.golden)
    }

    @Test func `reads the bytes of a token`() throws {
        let bytes = try #require([UInt8](hexadecimal: Self.golden))
        #expect(decode(bytes) == token)
    }

    @Test func `reads a token of which nothing is known`() throws {
        let empty = VerifiedToken(VerifiedToken.Content(verifiedAt: scene.clock.now))
        #expect(TokenRecord.encode(empty) == [0, 0])
        #expect(decode([0, 0]) == empty)
    }

    @Test func `reads scopes in any order, each once`() throws {
        let word = { (text: String) in [UInt8(text.utf8.count)] + Array(text.utf8) }
        let token = try #require(decode([16, 4] + ["b", "a", "c", "b"].flatMap(word) + [0]))
        #expect(token.scopes == ["a", "b", "c"] && token.hasScope("b") && !token.hasScope("d"))
        #expect(TokenRecord.encode(token) == [16, 3] + ["a", "b", "c"].flatMap(word) + [0])
    }

    @Test func `reads no token of bytes that were cut short`() throws {
        let bytes = TokenRecord.encode(token)
        // Claims are decoded when they are asked for; up to them every byte counts.
        for length in 0..<bytes.count - token.claims.encoded.count {
            #expect(decode(bytes.prefix(length)) == nil, "\(length)")
        }
    }

    @Test func `survives any mutation of a record`() async throws {
        var generator = SplitMix64()
        let original = TokenRecord.encode(token)
        for round in 0..<20_000 {
            if round.isMultiple(of: 100) { await Task.yield() }
            let bytes = generator.mutation(of: original)
            guard let read = decode(bytes) else { continue }
            let again = decode(TokenRecord.encode(read))
            #expect(again == read, "seed \(SplitMix64.fuzzSeed)")
            _ = read.claims.members
        }
    }

    /// Sealed by this release's first version under a fixed nonce, and never to be made anew.
    @Test func `opens a record that an earlier release sealed`() async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        for (sealing, record) in try GoldenRecords.all() {
            let cache = try TokenCache(
                store: store,
                timeToLive: .seconds(300),
                sealing: sealing,
                options: scene.options
            )
            let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: cache)
            let key = try #require([UInt8](hexadecimal: GoldenRecords.key).flatMap { CacheKey($0) })
            let bytes = try #require([UInt8](hexadecimal: record))
            try await store.setEntry(CacheEntry(bytes, expiry: .distantFuture), for: key)
            let found = try await verifier.verification(of: BearerToken("golden"))
            #expect(found.source == .store && found.token.subject == "subject of golden")
        }
    }
}
