/// What a server says (`INFO`) of what it does when it is short of memory.
struct ServerMemory {
    /// `maxmemory-policy`.
    let policy: String?
    private let limit: String?
    private let evictedKeys: String?

    /// - Parameter info: the reply to `INFO`, all of it or the section `memory`.
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

    /// Whether it may have evicted a key, or may do so; also where it does not say.
    var mayHaveEvicted: Bool {
        evictedKeys != "0" || policy != "noeviction" && limit != "0"
    }
}
