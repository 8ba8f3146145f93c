package import CacheStoresRedis
package import Listening
package import TokenVerification

/// What a gate was told to do, understood and checked as far as that needs no network.
package struct GateConfiguration: Sendable {
    package enum Store: Sendable, Equatable {
        case memory
        case sqlite(path: String)
        case redis(RedisPlace)
    }

    /// A part of a Redis database, and how its servers are spoken to.
    package struct RedisPlace: Sendable, Equatable {
        /// May hold a password.
        package var address: String
        package var namespace = "token-gate"
        package var shards = 1
        package var sentinelCredentials: RedisCredentials?
        package var tls = RedisTLS()

        package init(address: String) {
            self.address = address
        }
    }

    package enum Sharing: String, Sendable, CaseIterable {
        case process, fleet
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
    /// How old an answer is when its next use has the authority asked again; `nil` for never.
    package var refreshAfter: Duration?
    /// By which share the lives of answers are shortened at the most.
    package var lifeJitter: Double
    /// How long a request may take in all.
    package var requestDeadline: Duration
    /// The scope in which each question is asked once.
    package var sharing: Sharing
    /// Whether all tokens of a subject or a client can be forgotten.
    package var hasRevocationMarks: Bool
    package var sealing: Sealing
    /// One, or several that tokens are routed to.
    package var authorities: [ConfiguredAuthority]
    package var tokenPlaces: TokenPlaces
    package var tokenFormat: BearerTokenFormat
    package var identity: IdentityLayout
    package var adminSecret: AdminSecret?
    /// What is accepted, but unwise.
    package var warnings: [String]
    /// What it was made of.
    let settings: Settings

    /// What is required of a token where no profile is named.
    package var requirements: TokenRequirements { TokenRequirements(settings.root) }

    /// What the authorities are called, where there can be several.
    var authorityNames: [AuthorityIdentity: String] {
        guard !settings.authorities.isEmpty else { return [:] }
        let names = authorities.map {
            ($0.authority.identity, String($0.group.name.dropFirst("authorities.".count)))
        }
        return Dictionary(names) { first, _ in first }
    }

    /// The names of the profiles.
    package var profiles: [String] { settings.profiles.keys.sorted() }
}

extension TokenRequirements {
    /// What some groups require: of each setting the first group counts that has it.
    init(_ groups: SettingGroup...) {
        func list(_ setting: Setting) -> [String] { groups.lazy.compactMap { $0.list(setting) }.first ?? [] }
        self.init(
            scopes: Set(list(.requireScope)),
            audiences: list(.requireAudience),
            issuer: groups.lazy.compactMap { $0.text(.requireIssuer) }.first,
            maximumAge: groups.lazy.compactMap { $0.seconds(.maximumAge) }.first,
            prefixes: list(.tokenPrefix)
        )
    }
}
