import CacheStoresSQLite
import Crypto
import Measuring
import TokenVerification
import TokenVerificationTestSupport

/// The stores beside what others use in their place, and beside what needs no Python.
struct PeerRows {
    /// The interpreter, and the script that knows the peers.
    let command: [String]

    var all: [Row] {
        [
            memoryGet, memorySet(entries: 10_000), memorySet(entries: 100_000),
            fileGet(.diskcache), fileGet(.sqlite3), fileSet(.diskcache), fileSet(.sqlite3), redisGet,
        ]
    }

    private var memoryGet: Row {
        Row(
            "get, hit in memory of 10 000",
            .nanoseconds,
            against: "FastMCP's TokenCache",
            .speedup,
            rounds: 9
        ) {
            let texts = Sample.texts(0..<10_000)
            let cache = try TokenCache(timeToLive: .seconds(3600), capacity: texts.count)
            let ours = try await SampleVerifier(texts, in: cache)
            let floor = HitFloor(texts)
            let peer = try Peer(.fastMCP, command)
            return Contest(
                .time(of: 100_000) { try await ours.verify(0..<10_000, turns: 10) },
                .time(of: peer, .get, 10_000, entries: 10_000),
                .time(of: 100_000) { try floor.look(0..<10_000, turns: 10) },
                end: peer.stop
            )
        }
    }

    private func memorySet(entries: Int) -> Row {
        Row(
            "set, in memory full of \(entries / 1000) 000",
            .nanoseconds,
            against: "FastMCP's TokenCache",
            .speedup,
            rounds: 9
        ) {
            let store = try await FullStore(entries)
            let dictionary = PlainDictionary()
            let source = Windows(of: 10_000, over: 10_000_000)
            let peer = try Peer(.fastMCP, command)
            return Contest(
                .time(of: 10_000, given: { Sample.texts(source.next()) }) { texts in
                    try await store.insert(texts.lazy.map(Sample.key(of:)))
                },
                .time(of: peer, .set, 10_000_000 / entries / 10, entries: entries),
                .time(of: 10_000, given: { Sample.texts(0..<10_000) }) { texts in
                    dictionary.insert(texts.lazy.map(Sample.key(of:)))
                },
                end: peer.stop
            )
        }
    }

    private func fileGet(_ name: Peer.Name) -> Row {
        Row("get, hit in a file of 10 000", .nanoseconds, against: name.rawValue, .speedup, rounds: 9) {
            let bench = try await SQLiteBench(rows: 10_000)
            let peer = try Peer(name, command)
            return Contest(bench.ours, .time(of: peer, .get, 5000, entries: 10_000), bench.raw) {
                await peer.stop()
                await bench.end()
            }
        }
    }

    private func fileSet(_ name: Peer.Name) -> Row {
        Row("set, in a file, one task", .nanoseconds, against: name.rawValue, .speedup, rounds: 9) {
            let directory = try TemporaryDirectory()
            let cache = try TokenCache(
                store: SQLiteStore(path: directory.path(of: "ours.db"), capacity: 1_000_000),
                timeToLive: .seconds(3600),
                sealing: .secret(SealingSecret(String(repeating: "s", count: 32)))
            )
            let ours = try await SampleVerifier(Sample.texts(0..<10_000), tasks: 64, in: cache)
            let floor = try RawSQLite(path: directory.path(of: "raw.db"))
            let others = RowSource()
            try floor.insert(others.rows(10_000))
            let source = Windows(of: 2000, over: 10_000_000)
            // The first ten thousand are known already.
            for _ in 0..<5 { _ = source.next() }
            let peer = try Peer(name, command)
            return Contest(
                // What ours does is more: it reads the authority's answer, and seals it.
                .time(of: 2000, given: { Sample.texts(source.next()) }, ours.learn),
                .time(of: peer, .set, 2000, entries: 10_000),
                .time(of: 2000, given: { others.rows(2000) }, { try floor.insert($0) }),
                end: {
                    await peer.stop()
                    await cache.shutdown()
                    withExtendedLifetime(directory) {}
                }
            )
        }
    }

    private var redisGet: Row {
        Row("get, hit in Redis, 64 tasks", .perSecond, against: "redis-py with hiredis", .speedup, rounds: 9)
        {
            let bench = try await RedisBench(entries: RedisBench.hotEntries)
            let peer = try Peer(.redisPy, command, port: bench.server.port)
            return Contest(
                bench.ours,
                .rate(of: peer, .get, 20_000, entries: RedisBench.hotEntries, tasks: 64),
                bench.benchmark,
                end: {
                    await peer.stop()
                    await bench.end()
                }
            )
        }
    }
}
