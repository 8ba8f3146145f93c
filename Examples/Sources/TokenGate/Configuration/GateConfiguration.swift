package import Listening
package import TokenVerification

/// What a gate was told to do, understood and checked as far as that needs no file and no network.
package struct GateConfiguration: Sendable {
    package enum Store: Sendable, Equatable {
        case memory
        case sqlite(path: String)
        /// The address may hold a password.
        case redis(address: String, namespace: String)
    }

    package enum Authority: Sendable, Equatable {
        case introspection(url: String, clientID: String, secret: ClientSecret, ClientAuthentication)
        case gitHub(api: String)
        case gitHubApplication(api: String, clientID: String, secret: ClientSecret)
    }

    package var listen: ListenAddress
    /// Where the administrative paths are; `nil` for where the others are, too.
    package var adminListen: ListenAddress?
    /// The files of the certificate and its key, if the gate speaks TLS.
    ///
    /// The administrative listener never does.
    package var tls: (certificate: String, key: String)?
    /// Who may connect to a Unix socket.
    package var socketMode: Int
    package var logging: LogOptions
    /// What the protected resource says of itself (RFC 9728), if anything.
    package var resource: ProtectedResourceMetadata?
    package var store: Store
    /// `nil` for what the store has recorded, or else 10 000.
    package var capacity: Int?
    package var timeToLive: Duration
    /// How long a copy of a shared store's answer is used; `nil` to ask the store each time.
    package var near: Duration?
    package var refusalTimeToLive: Duration?
    /// How long after its time to live an answer is used while the authority is unavailable.
    package var staleGrace: Duration?
    /// The scope in which each question is asked once.
    package enum Sharing: String, CaseIterable { case process, fleet }

    package var sharing: Sharing
    /// Whether all tokens of a subject or a client can be forgotten.
    package var hasRevocationMarks: Bool
    package var sealing: Sealing
    package var authority: Authority
    package var requirements: TokenRequirements
    package var adminSecret: AdminSecret?
}
