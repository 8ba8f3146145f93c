import CacheStoresRedis
import Measuring
import TokenVerification
import TokenVerificationTestSupport

/// Answers in a Redis server, and what else one can ask that server with.
final class RedisBench: Sendable {
    /// Few enough that a process remembers what their records say.
    static let hotEntries = 1000
    /// So many that nearly every record has to be opened.
    static let coldEntries = 64_000

    private static let lonely = 5000
    private static let tasks = 64

    let server: RedisServer
    private let verifier: SampleVerifier
    private let floor: RawRedis
    /// The keys of the entries, as they lie in Redis.
    private let keys: [[UInt8]]
    /// How many bytes the server sends for a look-up.
    private let size: Int
    /// Each contender goes through all entries, in whatever order their turns come.
    private let (ourWindows, rawWindows): (Windows, Windows)
    private let turns: Int

    init(entries: Int) async throws {
        server = try await RedisServer()
        let cache = try await TokenCache(
            store: server.store(capacity: entries),
            timeToLive: .seconds(3600),
            sealing: .secret(SealingSecret(String(repeating: "s", count: 32)))
        )
        verifier = try await SampleVerifier(Sample.texts(0..<entries), tasks: 16, in: cache)
        floor = try RawRedis(port: server.port)
        keys = try floor.keys(of: "string")
        size = try floor.size(of: keys[0])
        (ourWindows, rawWindows) = (
            Windows(of: Self.lonely, over: entries), Windows(of: Self.lonely, over: entries)
        )
        turns = max(1, Self.lonely / entries)
    }

    /// `verify` by 64 tasks, a thousand times each; every task begins with another token.
    var ours: Contender {
        .rate(of: Self.tasks * 1000) { [verifier] in
            try await inParallel(Self.tasks, over: 0..<Self.tasks) { task in
                let count = verifier.tokens.count
                let first = task.lowerBound * count / Self.tasks
                try await verifier.verify(first..<min(first + 1000, count))
                try await verifier.verify(0..<max(0, first + 1000 - count))
            }
        }
    }

    /// `redis-benchmark` with 64 connections.
    var benchmark: Contender {
        .figure { [server, size] in try await server.benchmark("get", connections: 64, size: size) }
    }

    /// `verify` by one task.
    var oursAlone: Contender {
        .time(of: Self.lonely, given: ourWindows.next) { [verifier, turns] in
            try await verifier.verify($0, turns: turns)
        }
    }

    /// A blocking round trip that fetches the same bytes.
    var raw: Contender {
        .time(of: Self.lonely, given: rawWindows.next) { [floor, keys, turns] range in
            for _ in 0..<turns {
                for key in keys[range] where try floor.size(of: key) < 0 {
                    throw BenchmarkError("an entry is lost")
                }
            }
        }
    }

    @Sendable func end() async {
        await verifier.cache.shutdown()
        server.kill()
    }
}
