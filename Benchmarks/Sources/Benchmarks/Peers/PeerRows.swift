import CacheStoresSQLite
import Crypto
import Measuring
import TokenVerification
import TokenVerificationTestSupport

/// The package beside what others use in its place, and beside what needs no Python.
struct PeerRows {
    /// One peer of a row, and how to let go of it.
    private typealias Rival = (contender: Contender, end: @Sendable () async -> Void)

    /// The interpreter, and the script that knows the peers.
    let command: [String]

    var all: [Row] {
        [
            memoryGet, memorySet(entries: 10_000), memorySet(entries: 100_000),
            fileGet(.diskcache), fileGet(.sqlite3), fileGet(against: "GRDB", grdbGet),
            fileSet(.diskcache), fileSet(.sqlite3), fileSet(against: "GRDB", grdbSet), redisGet,
            question, questions,
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
        fileGet(against: name.rawValue) {
            let peer = try Peer(name, command)
            return (.time(of: peer, .get, 5000, entries: 10_000), peer.stop)
        }
    }

    private func fileSet(_ name: Peer.Name) -> Row {
        fileSet(against: name.rawValue) {
            let peer = try Peer(name, command)
            return (.time(of: peer, .set, 2000, entries: 10_000), peer.stop)
        }
    }

    @Sendable private func grdbGet() async throws -> Rival {
        let peer = try await GRDBPeer(entries: 10_000)
        let numbers = Windows(of: 5000, over: 10_000)
        return (.time(of: 5000, given: { Sample.texts(numbers.next()) }, peer.get), peer.end)
    }

    @Sendable private func grdbSet() async throws -> Rival {
        let peer = try await GRDBPeer(entries: 10_000)
        let numbers = Windows(of: 2000, over: 10_000_000)
        // The first ten thousand are known already.
        for _ in 0..<5 { _ = numbers.next() }
        return (.time(of: 2000, given: { Sample.texts(numbers.next()) }, peer.set), peer.end)
    }

    private func fileGet(against name: String, _ rival: @escaping @Sendable () async throws -> Rival) -> Row {
        Row("get, hit in a file of 10 000", .nanoseconds, against: name, .speedup, rounds: 9) {
            let bench = try await SQLiteBench(rows: 10_000)
            let rival = try await rival()
            return Contest(bench.ours, rival.contender, bench.raw) {
                await rival.end()
                await bench.end()
            }
        }
    }

    private func fileSet(against name: String, _ rival: @escaping @Sendable () async throws -> Rival) -> Row {
        Row("set, in a file, one task", .nanoseconds, against: name, .speedup, rounds: 9) {
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
            let rival = try await rival()
            return Contest(
                // What ours does is more: it reads the authority's answer, and seals it.
                .time(of: 2000, given: { Sample.texts(source.next()) }, ours.learn),
                rival.contender,
                .time(of: 2000, given: { others.rows(2000) }, { try floor.insert($0) }),
                end: {
                    await rival.end()
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

    private var question: Row {
        Row("verify, miss, one task", .nanoseconds, against: "async-http-client", .speedup, rounds: 9) {
            let bench = try await QuestionBench()
            return Contest(bench.oursAlone, bench.peersAlone, bench.curlAlone, end: bench.end)
        }
    }

    private var questions: Row {
        Row("verify, miss, 64 tasks", .perSecond, against: "async-http-client", .speedup, rounds: 9) {
            let bench = try await QuestionBench()
            return Contest(bench.ours, bench.peers, bench.wrk, end: bench.end)
        }
    }
}
