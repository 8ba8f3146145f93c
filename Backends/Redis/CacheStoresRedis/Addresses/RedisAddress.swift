/// Where a Redis server is, and as whom to speak to it.
///
/// The password hides from every way of printing.
struct RedisAddress: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        case host(String, port: Int, isEncrypted: Bool)
        case socket(path: String)
    }

    var place: Place
    var user: String?
    var password: String?
    var database = 0
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String {
        switch place {
        case .host(let host, let port, _): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }

    var debugDescription: String { description }

    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
