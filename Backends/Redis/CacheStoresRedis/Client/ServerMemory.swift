#if Redis
/// A server's report on memory and eviction (`INFO`).
struct ServerMemory {
    /// `maxmemory-policy`.
    let policy: String?
    private let limit: String?
    private let evictedKeys: String?

    /// - Parameter info: the reply to `INFO`, or to `INFO memory`.
    init(_ info: [UInt8]) {
        var fields: [Substring: Substring] = [:]
        for line in String(decoding: info, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...]
        }
        policy = fields["maxmemory_policy"].map(String.init)
        limit = fields["maxmemory"].map(String.init)
        evictedKeys = fields["evicted_keys"].map(String.init)
    }

    /// Whether the server evicts keys, or has evicted one; true if the report does not say.
    var mayHaveEvicted: Bool {
        evictedKeys != "0" || policy != "noeviction" && limit != "0"
    }
}
#endif
