/// A cluster of three masters with a replica each.
package final class ClusterNodes: Sendable {
    package let nodes: [RedisServer]

    package var address: String {
        "redis+cluster://" + nodes.prefix(3).map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    }

    /// Starts a cluster, and waits until every node reports `cluster_state:ok` and every replica is in step.
    package init() async throws {
        var nodes: [RedisServer] = []
        for _ in 0..<6 {
            nodes.append(
                try await RedisServer("--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
            )
        }
        self.nodes = nodes
        let places = nodes.map { "127.0.0.1:\($0.port)" }
        try await nodes[0].run(
            ["--cluster", "create"] + places + ["--cluster-replicas", "1", "--cluster-yes"]
        )
        for node in nodes {
            try await eventually("each node reports cluster_state:ok", within: .seconds(30)) {
                try await node.run("CLUSTER", "INFO").contains("cluster_state:ok")
            }
        }
        // A replica without its master's data never becomes a master.
        try await eventually("all 3 replicas are connected to their masters", within: .seconds(30)) {
            var followers = 0
            for node in nodes {
                let link = try await node.run("INFO", "replication")
                if link.contains("master_link_status:up") { followers += 1 }
            }
            return followers == 3
        }
    }

    /// The slot of keys with a hash tag.
    package func slot(ofTag tag: String) async throws -> Int {
        let answer = try await nodes[0].run("CLUSTER", "KEYSLOT", "{\(tag)}")
        return Int(answer.filter(\.isNumber)) ?? -1
    }

    /// The node that reports itself as the master of a slot.
    package func master(of slot: Int) async throws -> RedisServer {
        for node in nodes {
            let lines = (try? await node.run("CLUSTER", "NODES"))?.split(separator: "\n") ?? []
            guard let own = lines.first(where: { $0.contains("myself,master") }) else { continue }
            for range in own.split(separator: " ").dropFirst(8) where !range.hasPrefix("[") {
                let ends = range.split(separator: "-").compactMap { Int($0) }
                guard let first = ends.first, let last = ends.last else { continue }
                if (first...last).contains(slot) { return node }
            }
        }
        throw TestFailure("no node is the master of slot \(slot)")
    }

    /// Moves a slot to another master in two steps.
    ///
    /// - Parameters:
    ///   - slot: the slot.
    ///   - isFirst: selects the keys of the first step.
    ///   - halfway: called between the steps.
    /// - Throws: ``TestFailure``, or the error of `halfway`.
    package func move(
        _ slot: Int,
        first isFirst: (String) -> Bool,
        halfway: () async throws -> Void
    ) async throws {
        let source = try await master(of: slot)
        var target = try await master(of: (slot + 16_384 / 3) % 16_384)
        if target === source { target = try await master(of: (slot + 2 * 16_384 / 3) % 16_384) }
        let (from, to) = (try await identifier(of: source), try await identifier(of: target))
        let number = String(slot)
        try await target.run("CLUSTER", "SETSLOT", number, "IMPORTING", from)
        try await source.run("CLUSTER", "SETSLOT", number, "MIGRATING", to)
        try await move(keys(in: number, of: source).filter(isFirst), from: source, to: target)
        try await halfway()
        try await eventually("slot \(slot) has no keys on its former master", within: .seconds(30)) {
            try await move(keys(in: number, of: source), from: source, to: target)
            return try await keys(in: number, of: source).isEmpty
        }
        try await target.run("CLUSTER", "SETSLOT", number, "NODE", to)
        try await source.run("CLUSTER", "SETSLOT", number, "NODE", to)
    }

    package func identifier(of node: RedisServer) async throws -> String {
        try await node.run("CLUSTER", "MYID").filter { $0.isHexDigit }
    }

    /// The names of a slot's keys; all must be readable, since they become arguments of redis-cli.
    private func keys(in slot: String, of node: RedisServer) async throws -> [String] {
        let listing = try await node.run("CLUSTER", "GETKEYSINSLOT", slot, "1000000")
        return listing.split(separator: "\n").map(String.init)
    }

    private func move(_ keys: [String], from source: RedisServer, to target: RedisServer) async throws {
        let place = ["MIGRATE", "127.0.0.1", String(target.port), "", "0", "5000", "REPLACE", "KEYS"]
        guard !keys.isEmpty else { return }
        try await source.run(place + keys)
    }
}
