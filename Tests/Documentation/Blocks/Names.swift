import CacheStores
import CacheStoresTesting
import HTTPTransports
import HTTPTypes
import Hummingbird
import Logging
import TokenVerification
import TokenVerificationHummingbird
import TokenVerificationJWT

// The names that blocks of the documentation use and do not declare: what a reader has, and names so.

func some<Value>(_: Value.Type = Value.self) -> Value { fatalError("nothing here runs") }

var secret: String { some() }
var credentials: String { some() }
var header: String? { some() }
var form: [UInt8] { some() }
var record: [UInt8] { some() }
var bytes: [UInt8] { some() }
var seed: UInt64 { some() }
var directory: String { some() }
var key: CacheKey { some() }
var expiry: Timestamp { some() }
var clock: WallClock { some() }
var logger: Logger { some() }
var request: Request { some() }
var token: BearerToken { some() }
var caller: VerifiedToken { some() }
var error: VerificationError { some() }
var metadata: ProtectedResourceMetadata { some() }
var router: Router<BasicVerifiedRequestContext> { some() }

var store: any CacheStore<[UInt8]> { some() }
var cache: TokenCache { some() }
var github: GitHubTokenVerifier { some() }
var introspection: IntrospectionTokenVerifier { some() }
var signed: AuthorityTokenVerifier<JWTIssuer> { some() }
var verifier: any TokenVerifier { some() }

/// Asks an authority, or a database.
func ask() async throws -> [UInt8] { some() }

/// A store that a reader writes.
struct MyStore: CacheStore {
    typealias Value = [UInt8]

    init(path: String, capacity: Int?, clock: WallClock, deadline: Duration = .seconds(1)) throws {}

    var now: Timestamp? { nil }
    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? { nil }
    func setEntry(
        _: CacheEntry<[UInt8]>,
        for: CacheKey,
        asked: Timestamp?,
        before: Timestamp?
    ) async throws -> Int { 0 }
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool { false }
    func removeAll(holding hold: Duration) async throws {}
    func count() async throws -> Int { 0 }
    func capacity() async throws -> Int { 0 }
    func shutdown() async {}
}

/// How that store is opened.
struct MyStoreFixture: StoreFixture {
    func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
        some()
    }
}

/// What that store is made of, or what it wraps.
struct MyParts {
    func entry(for key: CacheKey) -> CacheEntry<[UInt8]>? { nil }
    func read(_ key: CacheKey, timeout: Duration) async throws -> CacheEntry<[UInt8]>? { nil }
}

var recent: MyParts { some() }
var client: MyParts { some() }
var timeout: Duration { some() }
var wrapped: any CacheStore<[UInt8]> { some() }
