/// A master, its replica, and three Sentinels that watch them.
package final class SentinelGroup: Sendable {
    package static let service = "tokens"

    package let master: RedisServer
    package let replica: RedisServer
    package let sentinels: [RedisServer]

    package var address: String {
        let places = sentinels.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
        return "redis+sentinel://\(places)/\(Self.service)"
    }

    /// Starts a group, and waits until its Sentinels know the replica and each other.
    package init() async throws {
        let master = try await RedisServer()
        self.master = master
        replica = try await RedisServer("--replicaof", "127.0.0.1", String(master.port))
        let configuration = """
            sentinel monitor \(Self.service) 127.0.0.1 \(master.port) 2
            sentinel down-after-milliseconds \(Self.service) 1000
            sentinel failover-timeout \(Self.service) 4000
            """
        var sentinels: [RedisServer] = []
        for _ in 0..<3 {
            sentinels.append(try await RedisServer("--sentinel", configuration: configuration))
        }
        self.sentinels = sentinels
        for sentinel in sentinels {
            try await eventually(
                "each Sentinel knows its replica and 2 other Sentinels",
                within: .seconds(30)
            ) {
                let status = try await sentinel.run("SENTINEL", "MASTER", Self.service)
                let words = status.split(whereSeparator: \.isNewline)
                return Self.value(of: "num-slaves", in: words) == "1"
                    && Self.value(of: "num-other-sentinels", in: words) == "2"
                    && Self.value(of: "flags", in: words) == "master"
            }
        }
    }

    private static func value(of name: Substring, in words: [Substring]) -> Substring? {
        words.firstIndex(of: name).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    }
}
