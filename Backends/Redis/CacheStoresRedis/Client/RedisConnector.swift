#if Redis
import CacheStores
import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections to servers: network, TLS, login and database.
struct RedisConnector: Sendable {
    private static let connectTime = TimeAmount.seconds(5)
    /// The name of the connections in `CLIENT LIST`.
    private static let name = "cache-stores"

    let address: RedisAddress
    let waitLimit: Duration
    private let sentinelCredentials: RedisCredentials?
    private let encryption: NIOSSLContext?

    /// - Parameters:
    ///   - address: user, password and database, and whether to encrypt.
    ///   - sentinelCredentials: user and password for Sentinels; `nil` to use the address's where a Sentinel answers
    ///     `NOAUTH`.
    ///   - tls: how an encrypted connection is verified.
    ///   - waitLimit: how long a command waits for its reply.
    /// - Throws: `StoreError` of code `invalidConfiguration` if a file can't be used.
    init(
        _ address: RedisAddress,
        sentinelCredentials: RedisCredentials? = nil,
        tls: RedisTLS,
        waitLimit: Duration
    ) throws(StoreError) {
        self.address = address
        self.sentinelCredentials = sentinelCredentials
        if sentinelCredentials != nil, !address.hasSentinels {
            let message = "`sentinelCredentials` need an address with Sentinels, redis+sentinel://…"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        self.waitLimit = waitLimit
        try tls.check(for: address)
        guard address.isEncrypted else {
            encryption = nil
            return
        }
        do {
            encryption = try NIOSSLContext(configuration: tls.configuration())
        } catch {
            let message = "a file of `tls` can't be used; each must be a readable PEM file"
            throw StoreError(code: .invalidConfiguration, message: message, cause: error)
        }
    }

    /// Opens a connection, logs in and selects the database.
    ///
    /// - Parameter endpoint: the server.
    /// - Returns: a connection that is ready for commands.
    /// - Throws: `StoreError`.
    func connect(to endpoint: RedisEndpoint) async throws -> RedisConnection {
        try await connect(to: endpoint) { connection in
            try await authenticate(address.user, address.password, on: connection)
            let database = String(address.database)
            if address.database != 0 { _ = try await connection.answer(to: RedisCommand("SELECT", database)) }
            // Some proxies do not know this command, and nothing depends on it.
            _ = try await connection.reply(to: RedisCommand("CLIENT", "SETNAME", Self.name))
        }
    }

    /// Opens a connection to a Sentinel; without credentials of its own logs in only if it answers `NOAUTH`.
    func connect(toSentinel endpoint: RedisEndpoint) async throws -> RedisConnection {
        try await connect(to: endpoint) { connection in
            if let own = sentinelCredentials {
                return try await authenticate(own.user, own.password, on: connection)
            }
            let answer = try await connection.reply(to: RedisCommand("PING"))
            guard case .error(let complaint) = answer else { return }
            guard complaint.hasPrefix("NOAUTH"), address.password != nil else {
                throw StoreError(redis: complaint, from: endpoint, to: "PING")
            }
            try await authenticate(address.user, address.password, on: connection)
        }
    }

    private func connect(
        to endpoint: RedisEndpoint,
        introduction: (RedisConnection) async throws -> Void
    ) async throws -> RedisConnection {
        let connection: RedisConnection
        do {
            connection = try await open(endpoint)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(code: .unavailable, message: "\(endpoint) can't be reached", cause: error)
        }
        do {
            try await introduction(connection)
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private func open(_ endpoint: RedisEndpoint) async throws -> RedisConnection {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connectTimeout(Self.connectTime)
            .channelInitializer { [encryption, waitLimit] channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try RedisConnection(
                        on: channel.eventLoop,
                        to: endpoint,
                        waitLimit: waitLimit
                    )
                    if let encryption {
                        let handler = try NIOSSLClientHandler(
                            context: encryption,
                            serverHostname: endpoint.name
                        )
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
        let channel: any Channel
        switch endpoint {
        case .host(let host, let port):
            let tcp = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
            channel = try await tcp.connect(host: host, port: port).get()
        case .socket(let path):
            channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
        }
        return try await channel.pipeline.handler(type: RedisConnection.self).get()
    }

    private func authenticate(
        _ user: String?,
        _ password: String?,
        on connection: RedisConnection
    ) async throws {
        guard let password else { return }
        let arguments = ["AUTH", user, password].compactMap(\.self)
        _ = try await connection.answer(to: RedisCommand(arguments.map { Array($0.utf8) }))
    }
}

extension RedisEndpoint {
    /// The host name that a certificate must contain; `nil` if it must contain the IP address.
    fileprivate var name: String? {
        guard case .host(let host, _) = self else { return nil }
        return (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }
}
#endif
