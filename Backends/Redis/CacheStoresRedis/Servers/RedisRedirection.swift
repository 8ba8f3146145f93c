#if Redis
/// Why a node of a cluster did not execute a command (Redis cluster specification, "Redirection and resharding").
enum RedisRedirection: Equatable {
    /// The slot belongs to another node.
    case moved(to: RedisEndpoint)
    /// The slot is moving, and this key has moved already.
    case ask(RedisEndpoint)
    /// The slot is moving, and the keys are on two nodes.
    case tryAgain
    /// Part of the cluster has no master, or this node can't reach the others.
    case clusterDown

    /// - Parameters:
    ///   - complaint: the error reply without its `-`.
    ///   - node: the node that sent it; a redirection without a host means this node's host.
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
    /// An address in a cluster's redirection, `host:port`.
    init?(_ text: Substring, seenFrom node: RedisEndpoint) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            return nil
        }
        self.init(host: String(text[..<colon]), port: port, seenFrom: node)
    }

    /// An address in a node's reply; an empty host, or `?`, means that node's host.
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
#endif
