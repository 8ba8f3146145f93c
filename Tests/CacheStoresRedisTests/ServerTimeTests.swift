import CacheStores
import CacheStoresRedis
import Foundation
import Synchronization
import Testing
import TokenVerificationTestSupport

/// A store's reading of its server's clock.
@Suite(.timeLimit(.minutes(10))) struct ServerTimeTests {
    private static func time(_ moment: Timestamp) -> String {
        let (seconds, rest) = moment.millisecondsSince1970.quotientAndRemainder(dividingBy: 1_000)
        let microseconds = String(rest * 1_000)
        return
            "*2\r\n$\(String(seconds).count)\r\n\(seconds)\r\n$\(microseconds.count)\r\n\(microseconds)\r\n"
    }

    @Test func `the time is unknown before the first connection, and known after it`() async throws {
        let server = try await RedisServer()
        server.kill()
        let store = try Sample.store(server.address)
        #expect(store.now == nil)
        try await server.start()
        try await store.waitUntilConnected()
        let first = try #require(store.now)
        let answer = try await server.run("TIME")
        let seconds = try #require(answer.split(separator: "\n").first.flatMap { Int64($0) })
        #expect(abs(seconds - first.millisecondsSince1970 / 1_000) <= 10)
        #expect(first <= WallClock.system.now, "both times come from the same clock")
        server.kill()
        try await eventually { try await isCut(store) }
        let second = try #require(store.now)
        #expect(second >= first)
        #expect(second <= WallClock.system.now)
        await store.shutdown()
    }

    private func isCut(_ store: RedisStore) async throws -> Bool {
        do {
            _ = try await store.entry(for: Sample.key(1))
            return false
        } catch let error as StoreError {
            return error.code == .unavailable
        }
    }

    @Test func `the time is the server's, not this machine's`() async throws {
        let server = try await ScriptedServer { .init(bytes: "$-1\r\n") }
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        let now = try #require(store.now)
        // The scripted server's clock stands still.
        #expect((1_700_000_000_000..<1_700_000_060_000).contains(now.millisecondsSince1970))
        await store.shutdown()
        try await server.stop()
    }

    @Test func `a slow reply never puts the time ahead of the server's clock`() async throws {
        let server = try await ScriptedServer { command in
            guard command.contains("TIME\r\n") else { return nil }
            // This server reads its clock at the end of the round trip. The store knows only how long the trip is.
            Thread.sleep(forTimeInterval: 0.4)
            return .init(bytes: Self.time(WallClock.system.now))
        } _: {
            .init(bytes: "$-1\r\n")
        }
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        let now = try #require(store.now)
        #expect(now <= WallClock.system.now)
        #expect(now >= WallClock.system.now.advanced(by: .seconds(-60)))
        await store.shutdown()
        try await server.stop()
    }

    @Test(arguments: [false, true])
    func `in a cluster the slowest clock counts`(isFirstBehind: Bool) async throws {
        let ports = Mutex<[Int]>([])
        let shards = 16
        func node(_ time: Timestamp) async throws -> ScriptedServer {
            try await ScriptedServer { command in
                if command.contains("SLOTS") {
                    let nodes = ports.withLock { $0 }.map { "*2\r\n$9\r\n127.0.0.1\r\n:\($0)\r\n" }
                    return .init(
                        bytes: "*2\r\n*3\r\n:0\r\n:8191\r\n\(nodes[0])*3\r\n:8192\r\n:16383\r\n\(nodes[1])"
                    )
                }
                if command.contains("TIME\r\n") { return .init(bytes: Self.time(time)) }
                guard command.contains("EVAL") else { return nil }
                return .init(bytes: "*4\r\n$1\r\n1\r\n$0\r\n\r\n$0\r\n\r\n$2\r\n\(shards)\r\n")
            } _: {
                .init(bytes: "$-1\r\n")
            }
        }
        let (early, late) = (
            Timestamp(millisecondsSince1970: 1_700_000_000_000),
            Timestamp(millisecondsSince1970: 1_700_000_900_000)
        )
        let nodes = [
            try await node(isFirstBehind ? early : late), try await node(isFirstBehind ? late : early),
        ]
        ports.withLock { $0 = nodes.map(\.port) }
        let store = try Sample.store("redis+cluster://127.0.0.1:\(nodes[0].port)", shards: shards)
        try await store.waitUntilConnected()
        let now = try #require(store.now)
        #expect((early..<late).contains(now))
        await store.shutdown()
        for node in nodes { try await node.stop() }
    }
}
