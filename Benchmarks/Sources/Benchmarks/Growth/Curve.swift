import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import TokenVerificationTestSupport

/// Whose costs are drawn, and how they are made.
struct Curve: Sendable {
    let name: String
    /// How many operations are timed at once.
    let hits: Int
    /// The same for insertions, which may take longer the more entries there are.
    let inserts: @Sendable (_ entries: Int) -> Int
    /// Makes one that is full of so many entries.
    let subject: @Sendable (_ entries: Int) async throws -> any GrowthSubject

    private init(
        _ name: String,
        hits: Int,
        inserts: @escaping @Sendable (Int) -> Int,
        subject: @escaping @Sendable (Int) async throws -> any GrowthSubject
    ) {
        self.name = name
        self.hits = hits
        self.inserts = inserts
        self.subject = subject
    }

    private init(
        _ name: String,
        hits: Int,
        inserts: Int,
        subject: @escaping @Sendable (Int) async throws -> any GrowthSubject
    ) {
        self.init(name, hits: hits, inserts: { _ in inserts }, subject: subject)
    }

    /// Every store, and every peer that a script knows.
    static func all(_ command: [String]) -> [Curve] {
        [
            memory, file, redis,
            peer("FastMCP TokenCache", .fastMCP, command, inserts: { max(3, 2_000_000 / $0) }),
            peer("diskcache", .diskcache, command),
            peer("Python sqlite3", .sqlite3, command),
            redisPeer(command),
        ]
    }

    private static let memory = Curve("MemoryStore", hits: 50_000, inserts: 50_000) {
        try await StoreSubject(MemoryStore<[UInt8]>(capacity: $0), entries: $0)
    }

    private static let file = Curve("SQLiteStore", hits: 5000, inserts: 3000) {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.path(of: "tokens.db"), capacity: $0)
        return try await StoreSubject(store, entries: $0) { withExtendedLifetime(directory) {} }
    }

    private static let redis = Curve("RedisStore", hits: 5000, inserts: 3000) {
        let server = try await RedisServer()
        let store = try await server.store(capacity: $0)
        return try await StoreSubject(store, entries: $0) { server.kill() }
    }

    private static func peer(
        _ name: String,
        _ peer: Peer.Name,
        _ command: [String],
        inserts: @escaping @Sendable (Int) -> Int = { _ in 2000 }
    ) -> Curve {
        let full: @Sendable (Int) async throws -> any GrowthSubject = {
            PeerSubject(peer: try Peer(peer, command), entries: $0)
        }
        return Curve(name, hits: 3000, inserts: inserts, subject: full)
    }

    private static func redisPeer(_ command: [String]) -> Curve {
        Curve("redis-py", hits: 3000, inserts: 3000) {
            let server = try await RedisServer()
            let peer = try Peer(.redisPy, command, port: server.port)
            return PeerSubject(peer: peer, entries: $0) { server.kill() }
        }
    }
}
