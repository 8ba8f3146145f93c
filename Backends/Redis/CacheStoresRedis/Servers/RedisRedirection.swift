/// Why a node of a cluster did not do what it was told (Redis cluster specification, "Redirection and resharding").
enum RedisRedirection: Equatable {
    /// The slot belongs to another node.
    case moved(to: RedisEndpoint)
    /// The slot is moving, and this key is there already.
    case ask(RedisEndpoint)
    /// The slot is moving, and not all of the keys are in one place.
    case tryAgain
    /// Part of the cluster has no master, or this node lost sight of the others.
    case clusterDown

    /// - Parameters:
    ///   - complaint: what the node said.
    ///   - node: which one; a redirection that names no host means the same one.
    init?(_ complaint: String, from node: RedisEndpoint) {
        let words = complaint.split(separator: " ")
        switch (words.first, words.count) {
        case ("MOVED", 3):
            guard let target = RedisEndpoint(words[2], seenFrom: node) else { return nil }
            self = .moved(to: target)
        case ("ASK", 3):
            guard let target = RedisEndpoint(words[2], seenFrom: node) else { return nil }
            self = .ask(target)
        case ("TRYAGAIN", _): self = .tryAgain
        case ("CLUSTERDOWN", _): self = .clusterDown
        default: return nil
        }
    }
}

extension RedisEndpoint {
    /// An address as a node of a cluster tells it, `host:port`.
    init?(_ text: Substring, seenFrom node: RedisEndpoint) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            return nil
        }
        self.init(host: String(text[..<colon]), port: port, seenFrom: node)
    }

    /// An address as a node of a cluster tells it; one without a host is that node's own.
    init?(host: String, port: Int, seenFrom node: RedisEndpoint) {
        guard (1...65_535).contains(port) else { return nil }
        if host.isEmpty || host == "?" {
            guard case .host(let own, _) = node else { return nil }
            self = .host(own, port: port)
        } else {
            self = .host(host, port: port)
        }
    }
}
