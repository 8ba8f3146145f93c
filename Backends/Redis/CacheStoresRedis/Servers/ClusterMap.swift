#if Redis
/// The masters of a cluster's slots, as one of the nodes reports them.
struct ClusterMap {
    /// The masters of the slots that were asked about; a slot without a master is absent.
    private(set) var masters: [RedisSlot: RedisEndpoint] = [:]
    /// Every node in the report, replicas included.
    private(set) var nodes: Set<RedisEndpoint> = []

    /// Decodes the reply to `CLUSTER SLOTS`.
    ///
    /// - Parameters:
    ///   - reply: an array of `[first slot, last slot, [master's host, port, …], [replica's host, port, …], …]`.
    ///   - slots: the slots to look for.
    ///   - node: the node that sent the reply.
    init?(_ reply: RedisReply, of slots: [RedisSlot], seenFrom node: RedisEndpoint) {
        guard let ranges = reply.array else { return nil }
        for range in ranges {
            guard let parts = range.array, parts.count >= 3, let first = parts[0].integer,
                let last = parts[1].integer, first <= last
            else { return nil }
            let endpoints = parts.dropFirst(2).map { Self.endpoint($0, seenFrom: node) }
            nodes.formUnion(endpoints.compactMap(\.self))
            guard let master = endpoints.first ?? nil else { continue }
            for slot in slots where (first...last).contains(Int64(slot.number)) { masters[slot] = master }
        }
    }

    private static func endpoint(_ reply: RedisReply, seenFrom node: RedisEndpoint) -> RedisEndpoint? {
        guard let parts = reply.array, parts.count >= 2, let port = parts[1].integer else { return nil }
        let host = parts[0].bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
        return RedisEndpoint(host: host, port: Int(clamping: port), seenFrom: node)
    }
}
#endif
