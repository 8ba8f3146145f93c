#if Redis
import CacheStores
import CacheStoresWaiting
import Synchronization

/// The Sentinels that name the master of a service.
final class RedisSentinels: Sendable {
    /// The interval in which a Sentinel with a subscription must answer.
    private static let heartbeat: Duration = .seconds(1)
    private static let switchChannel = "+switch-master"

    let service: String
    private let connector: RedisConnector
    private let keeper = Keeper(from: .milliseconds(50), to: .seconds(5))
    /// The Sentinel that answered last comes first.
    private let endpoints: Mutex<[RedisEndpoint]>

    init(_ endpoints: [RedisEndpoint], service: String, _ connector: RedisConnector) {
        self.service = service
        self.connector = connector
        self.endpoints = Mutex(endpoints)
    }

    /// The master, as the first Sentinel that answers names it.
    ///
    /// - Throws: `StoreError` of code `unavailable` if no Sentinel names one.
    func master() async throws -> RedisEndpoint {
        var failure: (any Error)?
        for endpoint in endpoints.withLock({ $0 }) {
            do {
                let connection = try await connector.connect(toSentinel: endpoint)
                defer { connection.close() }
                let master = try await master(by: connection)
                move(endpoint, toFront: true)
                return master
            } catch {
                failure = error
            }
            try Task.checkCancellation()
        }
        let message = "no Sentinel names a master of \(service)"
        throw StoreError(code: .unavailable, message: message, cause: failure)
    }

    /// Reports the master whenever a Sentinel announces a new one, and after every new subscription.
    func watch(_ report: @escaping @Sendable (RedisEndpoint) -> Void) {
        keeper.start { [weak self] in
            guard let endpoint = self?.endpoints.withLock(\.first) else { return }
            if let connection = try? await self?.listen(to: endpoint, report) {
                await connection.waitUntilClosed()
            } else {
                self?.move(endpoint, toFront: false)
            }
        }
    }

    func stop() async {
        await keeper.stop()
    }

    func abandon() {
        keeper.abandon()
    }

    private func listen(
        to endpoint: RedisEndpoint,
        _ report: @escaping @Sendable (RedisEndpoint) -> Void
    ) async throws -> RedisConnection {
        let connection = try await connector.connect(toSentinel: endpoint)
        do {
            try await connection.listen(to: Self.switchChannel, heartbeat: Self.heartbeat) { [service] news in
                if let master = Self.master(in: news, of: service) { report(master) }
            }
            // An earlier announcement was missed, so the master is asked for, on a connection without a subscription.
            report(try await master())
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func master(by sentinel: RedisConnection) async throws -> RedisEndpoint {
        let question = try RedisCommand("SENTINEL", "GET-MASTER-ADDR-BY-NAME", service)
        let reply = try await sentinel.reply(to: question)
        let words = reply.array?.compactMap(\.bytes).map { String(decoding: $0, as: UTF8.self) } ?? []
        guard words.count == 2, let port = Int(words[1]),
            let master = RedisEndpoint(host: words[0], port: port, seenFrom: sentinel.endpoint)
        else {
            let message = "the Sentinel \(sentinel.endpoint) names no master of \(service)"
            throw StoreError(code: .unavailable, message: message)
        }
        return master
    }

    /// The new master in an announcement: `service former-host former-port host port`.
    private static func master(in news: RedisReply, of service: String) -> RedisEndpoint? {
        guard let bytes = news.bytes else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard words.count == 5, words[0] == service, let port = UInt16(words[4]) else { return nil }
        return .host(String(words[3]), port: Int(port))
    }

    private func move(_ endpoint: RedisEndpoint, toFront: Bool) {
        endpoints.withLock { endpoints in
            guard let index = endpoints.firstIndex(of: endpoint) else { return }
            endpoints.remove(at: index)
            endpoints.insert(endpoint, at: toFront ? 0 : endpoints.endIndex)
        }
    }
}
#endif
