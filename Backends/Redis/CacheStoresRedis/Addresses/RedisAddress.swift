/// Where a store's servers are, and as whom to speak to them.
///
/// The password hides from every way of printing.
struct RedisAddress: Sendable, Hashable {
    enum Site: Sendable, Hashable {
        case server(RedisEndpoint)
        /// Sentinels that know the master of a service.
        case sentinels([RedisEndpoint], service: String)
        /// Some nodes of a cluster, which know the others.
        case cluster([RedisEndpoint])
    }

    var site: Site
    var isEncrypted = false
    var user: String?
    var password: String?
    var database = 0
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String {
        switch site {
        case .server(let endpoint): endpoint.description
        case .sentinels(_, let service): "the master of \(service)"
        case .cluster(let nodes): "the cluster of \(nodes.map(\.description).joined(separator: ", "))"
        }
    }

    var debugDescription: String { description }

    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
