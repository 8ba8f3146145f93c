#if Redis
/// The place where one server listens.
enum RedisEndpoint: Sendable, Hashable {
    case host(String, port: Int)
    case socket(path: String)
}

extension RedisEndpoint: CustomStringConvertible {
    var description: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }
}
#endif
