#if Redis
/// The address of a store's servers, with the user, the password and the database to use there.
///
/// Printing an address, also by reflection, never shows the password.
struct RedisAddress: Sendable, Hashable {
    enum Site: Sendable, Hashable {
        case server(RedisEndpoint)
        /// Sentinels that name the master of a service.
        case sentinels([RedisEndpoint], service: String)
        /// Some nodes of a cluster, which name the others.
        case cluster([RedisEndpoint])
    }

    var site: Site
    var isEncrypted = false
    var user: String?
    var password: String?
    var database = 0

    var hasSentinels: Bool { if case .sentinels = site { true } else { false } }
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
#endif
