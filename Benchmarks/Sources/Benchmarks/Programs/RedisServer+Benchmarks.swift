import CacheStoresRedis
import TokenVerificationTestSupport

extension RedisServer {
    /// A store in the server, connected.
    func store(capacity: Int) async throws -> RedisStore {
        let store = try RedisStore(
            address,
            namespace: "bench",
            capacity: capacity,
            deadline: .seconds(20)
        )
        try await store.waitUntilConnected()
        return store
    }

    /// What `redis-benchmark` reaches with `get` or `set` on a value of so many bytes, in requests a second.
    func benchmark(_ test: String, connections: Int, size: Int) async throws -> Double {
        // Without it the key would be missing, and an empty answer is sooner sent.
        _ = try await load("set", requests: 1000, connections: 1, size: size)
        return try await load(test, requests: 100_000, connections: connections, size: size)
    }

    private func load(_ test: String, requests: Int, connections: Int, size: Int) async throws -> Double {
        let arguments = [
            "-p", "\(port)", "-t", test, "-n", "\(requests)", "-c", "\(connections)", "-d", "\(size)",
        ]
        let text = try await ChildProcess.output(of: "redis-benchmark", arguments + ["--csv"])
        let cells = text.split(separator: "\n").last?.split(separator: ",") ?? []
        guard cells.count > 1, let rate = Double(cells[1].filter { $0 != "\"" }) else {
            throw BenchmarkError("redis-benchmark said: \(text)")
        }
        return rate
    }
}
