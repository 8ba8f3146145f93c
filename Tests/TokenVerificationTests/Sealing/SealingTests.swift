import CacheStores
import CacheStoresTesting
import Crypto
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct SealingTests {
    private let scene = Scene()
    private let store: ScriptedByteStore

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
    }

    /// A process of its own that shares the store.
    private func verifier(
        _ sealing: Sealing,
        authority: ScriptedAuthority? = nil
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: sealing,
            options: scene.options
        )
        return try AuthorityTokenVerifier(authority: authority ?? scene.accepting(), cache: cache)
    }

    /// The only record in the store, and its key.
    private func record() async throws -> (key: CacheKey, entry: CacheEntry<[UInt8]>) {
        for key in store.keys {
            if let entry = try await store.entry(for: key) { return (key, entry) }
        }
        throw StoreError(code: .unavailable, message: "the store holds no record")
    }

    /// What a verifier finds after something was done to the record.
    private func source(
        _ sealing: Sealing,
        afterwards: (inout CacheEntry<[UInt8]>) -> Void
    ) async throws -> Verification.Source {
        try await store.removeAll()
        _ = try await verifier(sealing).source("abc")
        var (key, entry) = try await record()
        afterwards(&entry)
        try await store.setEntry(entry, for: key)
        return try await verifier(sealing).source("abc")
    }

    static func sealings() throws -> [Sealing] {
        try [.off, .tokenOnly, .secret(secret(1)), .secret(secret(1), previous: [secret(2)])]
    }

    @Test func `opens what another process sealed`() async throws {
        for sealing in try Self.sealings() {
            #expect(try await source(sealing) { _ in } == .store)
        }
    }

    @Test func `shows a reader of the store neither token nor claims`() async throws {
        for sealing in try Self.sealings().dropFirst() {
            _ = try await source(sealing) { _ in }
            let text = try await String(decoding: record().entry.value, as: UTF8.self)
            #expect(!text.contains("abc") && !text.contains("subject") && !text.contains("read"))
        }
    }

    @Test func `seals each time anew`() async throws {
        let sealing = try Sealing.secret(secret(1))
        var records: Set<[UInt8]> = []
        for _ in 0..<10 {
            _ = try await source(sealing) { _ in }
            records.insert(try await record().entry.value)
        }
        #expect(records.count == 10)
    }

    @Test func `does not open a record that was changed in any byte`() async throws {
        for sealing in try Self.sealings() {
            _ = try await source(sealing) { _ in }
            let (key, entry) = try await record()
            for position in entry.value.indices {
                var changed = entry
                changed.value[position] ^= 0x40
                try await store.setEntry(changed, for: key)
                #expect(try await verifier(sealing).source("abc") == .authority, "byte \(position)")
            }
        }
    }

    /// A process remembers what it has opened; that must save work, and change nothing.
    @Test func `does not take a record that was changed for the one it remembers`() async throws {
        for sealing in try Self.sealings() {
            try await store.removeAll()
            let verifier = try verifier(sealing)
            _ = try await verifier.source("abc")
            for position in try await record().entry.value.indices {
                for _ in 0..<2 { #expect(try await verifier.source("abc") == .store) }
                #expect(verifier.cache.openedRecordCount == 1)
                let (key, entry) = try await record()
                var changed = entry
                changed.value[position] ^= 0x40
                try await store.setEntry(changed, for: key)
                #expect(try await verifier.source("abc") == .authority, "byte \(position)")
            }
        }
    }

    @Test func `serves nothing of what it remembers once the store has dropped it`() async throws {
        for sealing in try Self.sealings() {
            let verifier = try verifier(sealing, authority: scene.accepting(life: .seconds(10)))
            for _ in 0..<4 { _ = try await verifier.source("abc") }
            try await store.removeAll()
            #expect(try await verifier.source("abc") == .authority)
            for _ in 0..<4 { #expect(try await verifier.source("abc") == .store) }
            let (key, entry) = try await record()
            scene.clock.advance(by: .seconds(10))
            try await store.setEntry(CacheEntry(entry.value, expiry: .distantFuture), for: key)
            #expect(try await verifier.source("abc") == .authority)
        }
    }

    @Test func `remembers a record for its own token, and each cache for itself`() async throws {
        let verifier = try verifier(.secret(secret(1)))
        for _ in 0..<3 { _ = try await verifier.source("bob") }
        let bob = try #require(store.keys.first)
        // Alice's record is the last that was remembered.
        for _ in 0..<3 { _ = try await verifier.source("alice") }
        let alice = try #require(store.keys.subtracting([bob]).first)
        try await store.setEntry(#require(try await store.entry(for: alice)), for: bob)
        let found = try await verifier.verification(of: BearerToken("bob"))
        #expect(found.source == .authority && found.token.subject == "subject of bob")
        #expect(try await verifier.source("alice") == .store)
        #expect(try await self.verifier(.secret(secret(2))).source("alice") == .authority)
    }

    @Test(arguments: [0, 4096])
    func `opens a record once, unless it is to open each every time`(capacity: Int) async throws {
        var options = scene.options
        options.store.openedRecordCapacity = capacity
        let verifier = try scene.verifier(scene.accepting(), over: store, options: options)
        _ = try await verifier.source("abc")
        let first = try await verifier.verification(of: BearerToken("abc")).token
        let second = try await verifier.verification(of: BearerToken("abc")).token
        #expect(first == second)
        // What was opened once lies in one place.
        let places = [first, second].map { $0.claims.encoded.withUnsafeBytes { $0.baseAddress } }
        #expect((places[0] == places[1]) == (capacity > 0))
        #expect(verifier.cache.openedRecordCount == min(capacity, 1))
    }

    @Test func `refuses to remember less than nothing`() throws {
        var options = scene.options
        options.store.openedRecordCapacity = -1
        #expect(throws: ConfigurationError.self) {
            try scene.verifier(scene.accepting(), over: store, options: options)
        }
    }

    @Test func `remembers nothing of what was forgotten, has gone or is over`() async throws {
        let verifier = try verifier(.secret(secret(1)), authority: scene.accepting(life: .seconds(10)))
        let cache = verifier.cache
        let ends: [() async throws -> Void] = [
            { try await cache.forget(BearerToken("abc")) },
            { try await cache.forgetAll() },
            {
                try await store.removeAll()
                _ = try await verifier.source("abc")
            },
            {
                scene.clock.advance(by: .seconds(10))
                _ = try await verifier.source("abc")
            },
            { await cache.shutdown() },
        ]
        for end in ends {
            // Holds are over by then.
            scene.clock.advance(by: .seconds(3600))
            for _ in 0..<2 { _ = try await verifier.source("abc") }
            #expect(cache.openedRecordCount == 1)
            try await end()
            #expect(cache.openedRecordCount == 0)
        }
    }

    @Test func `does not open a record that was cut short or prolonged`() async throws {
        for sealing in try Self.sealings() {
            _ = try await source(sealing) { _ in }
            let (key, entry) = try await record()
            for length in 0..<entry.value.count {
                try await store.setEntry(
                    CacheEntry(Array(entry.value.prefix(length)), expiry: entry.expiry),
                    for: key
                )
                #expect(try await verifier(sealing).source("abc") == .authority, "\(length) bytes")
            }
            #expect(try await source(sealing) { $0.value.append(0) } == .authority)
        }
    }

    @Test func `does not open a record of a future version`() async throws {
        for sealing in try Self.sealings() {
            #expect(try await source(sealing) { $0.value[0] = 2 } == .authority)
        }
    }

    @Test func `ends with the record's own expiry, whatever the store says`() async throws {
        for sealing in try Self.sealings() {
            try await store.removeAll()
            let authority = scene.accepting(life: .seconds(10))
            _ = try await verifier(sealing, authority: authority).source("abc")
            let (key, entry) = try await record()
            scene.clock.advance(by: .seconds(10))
            try await store.setEntry(CacheEntry(entry.value, expiry: .distantFuture), for: key)
            #expect(try await verifier(sealing, authority: authority).source("abc") == .authority)
        }
    }

    @Test func `does not open another token's record`() async throws {
        for sealing in try Self.sealings() {
            try await store.removeAll()
            let known = store.keys
            _ = try await verifier(sealing).source("alice\(known.count)")
            let alice = try #require(store.keys.subtracting(known).first)
            let entry = try #require(try await store.entry(for: alice))
            let others = store.keys
            _ = try await verifier(sealing).source("bob\(known.count)")
            let bob = try #require(store.keys.subtracting(others).first)
            try await store.setEntry(entry, for: bob)
            let found = try await verifier(sealing).verification(of: BearerToken("bob\(known.count)"))
            #expect(found.source == .authority && found.token.subject == "subject of bob\(known.count)")
        }
    }

    @Test func `does not open another authority's record`() async throws {
        for sealing in try Self.sealings() {
            _ = try await source(sealing) { _ in }
            let (_, entry) = try await record()
            let known = store.keys
            let other = AuthorityIdentity(kind: "other", parameters: ["\(known.count)": ""])
            let authority = scene.accepting(identity: other)
            _ = try await verifier(sealing, authority: authority).source("abc")
            try await store.setEntry(entry, for: #require(store.keys.subtracting(known).first))
            #expect(try await verifier(sealing, authority: authority).source("abc") == .authority)
        }
    }

    /// A writer who knows the format, the key and the token, but not the secret.
    @Test func `does not open what a writer without the secret planted`() async throws {
        let ours = try Sealing.secret(secret(1))
        for forgers in try [Sealing.off, .tokenOnly, .secret(secret(9))] {
            try await store.removeAll()
            _ = try await verifier(forgers).source("abc")
            #expect(try await verifier(ours).source("abc") == .authority)
            // Even if it claims to be sealed with our secret.
            _ = try await verifier(ours).source("abc")
            let header = try await record().entry.value.prefix(6)
            #expect(
                try await source(forgers) { $0.value.replaceSubrange(0..<6, with: header) } == .authority
            )
            #expect(try await verifier(ours).source("abc") == .authority)
        }
    }

    @Test func `rotates secrets while old and new processes run side by side`() async throws {
        let (old, new) = (try secret(1), try secret(2))
        let stages: [(Sealing, Sealing)] = [
            (.secret(old), .secret(old, previous: [new])),
            (.secret(old, previous: [new]), .secret(new, previous: [old])),
            (.secret(new, previous: [old]), .secret(new)),
        ]
        for (first, second) in stages {
            for (writer, reader) in [(first, second), (second, first)] {
                try await store.removeAll()
                _ = try await verifier(writer).source("abc")
                let isReadable = !(reader.isOnly(new) && writer.isSealing(old))
                #expect(try await verifier(reader).source("abc") == (isReadable ? .store : .authority))
            }
        }
    }

    @Test func `counts what it can't open`() async throws {
        _ = try await verifier(.secret(secret(1))).source("abc")
        let other = try verifier(.secret(secret(2)))
        _ = try await other.source("abc")
        #expect(other.cache.statistics.unreadableRecords == 2, "once before the flight and once in it")
    }
}

extension Sealing {
    fileprivate func isOnly(_ secret: SealingSecret) -> Bool {
        secrets.map(\.identifier) == [secret.identifier]
    }

    fileprivate func isSealing(_ secret: SealingSecret) -> Bool {
        secrets.first?.identifier == secret.identifier
    }
}
