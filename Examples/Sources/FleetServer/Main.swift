import CacheStoresRedis
import Hummingbird
import TokenVerification
import TokenVerificationHummingbird

@main struct FleetServer {
    static func main() async throws {
        let environment = Environment()
        let endpoint = try IntrospectionEndpoint(
            url: environment.require("INTROSPECTION_URL"),
            clientID: environment.require("CLIENT_ID"),
            clientSecret: ClientSecret(environment.require("CLIENT_SECRET"))
        )
        var options = TokenCacheOptions()
        options.near.life = .seconds(5)  // copies in this process; Redis tells of changes
        options.fleet.isOn = true  // each question once per fleet
        let cache = try TokenCache(
            store: RedisStore(environment.require("REDIS_URL"), namespace: "orders", capacity: 100_000),
            timeToLive: .seconds(300),
            sealing: .secret(environment.require("SEALING_SECRET")),
            options: options
        )
        let verifier = try IntrospectionTokenVerifier(endpoint, requiring: .scopes("read"), cache: cache)

        let router = Router(context: BasicVerifiedRequestContext.self)
        router.group("orders", verifiedBy: verifier).get { _, context in
            "the orders of \(context.caller.subject ?? "an unnamed caller")\n"
        }
        let app = Application(
            router: router,
            server: .strictHTTP1(),
            configuration: .init(
                address: .hostname("127.0.0.1", port: environment.get("PORT", as: Int.self) ?? 8080)
            ),
            services: [cache]
        )
        try await app.runService()
    }
}
