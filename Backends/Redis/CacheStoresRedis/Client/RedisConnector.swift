import CacheStores
import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections to one server: the network, encryption, and who we are.
struct RedisConnector: Sendable {
    private static let connectTime = TimeAmount.seconds(5)

    let address: RedisAddress
    let patience: Duration
    private let encryption: NIOSSLContext?

    /// - Parameters:
    ///   - address: the server.
    ///   - tls: how an encrypted connection is verified.
    ///   - patience: how long a command waits for its reply.
    /// - Throws: `StoreError` of code `invalidConfiguration` for files that can't be used.
    init(_ address: RedisAddress, tls: RedisTLS, patience: Duration) throws(StoreError) {
        self.address = address
        self.patience = patience
        guard case .host(_, _, isEncrypted: true) = address.place else {
            encryption = nil
            return
        }
        do {
            encryption = try NIOSSLContext(configuration: tls.configuration())
        } catch {
            let message = "the certificate files of the connection to Redis can't be used"
            throw StoreError(code: .invalidConfiguration, message: message, cause: error)
        }
    }

    /// Opens a connection and introduces us.
    ///
    /// - Parameter name: the name that the server's operator sees for us.
    /// - Returns: a connection that is ready for commands.
    /// - Throws: `StoreError`.
    func connect(as name: String) async throws -> RedisConnection {
        let connection: RedisConnection
        do {
            connection = try await open()
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(code: .unavailable, message: "\(address) can't be reached", cause: error)
        }
        do {
            try await introduce(on: connection, as: name)
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private func open() async throws -> RedisConnection {
        let server = address.description
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connectTimeout(Self.connectTime)
            .channelInitializer { [encryption, address, patience] channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try RedisConnection(
                        on: channel.eventLoop,
                        to: server,
                        patience: patience
                    )
                    if let encryption, case .host(let host, _, _) = address.place {
                        let isNumeric = (try? SocketAddress(ipAddress: host, port: 0)) != nil
                        let handler = try NIOSSLClientHandler(
                            context: encryption,
                            serverHostname: isNumeric ? nil : host
                        )
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
        let channel: any Channel
        switch address.place {
        case .host(let host, let port, _):
            let tcp = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
            channel = try await tcp.connect(host: host, port: port).get()
        case .socket(let path):
            channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
        }
        return try await channel.pipeline.handler(type: RedisConnection.self).get()
    }

    private func introduce(on connection: RedisConnection, as name: String) async throws {
        if let password = address.password {
            let credentials = [address.user, password].compactMap(\.self)
            try await expectOK(["AUTH"] + credentials, on: connection)
        }
        if address.database != 0 { try await expectOK(["SELECT", String(address.database)], on: connection) }
        try await expectOK(["CLIENT", "SETNAME", name], on: connection)
    }

    private func expectOK(_ arguments: [String], on connection: RedisConnection) async throws {
        let command = try RedisCommand(arguments.map { Array($0.utf8) })
        if case .error(let complaint) = try await connection.reply(to: command) {
            throw StoreError(redis: complaint, from: address.description)
        }
    }
}

extension RedisTLS {
    /// At least TLS 1.2, everything verified.
    func configuration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if let certificateAuthorityFile { configuration.trustRoots = .file(certificateAuthorityFile) }
        if let certificateFile {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificateFile).map {
                .certificate($0)
            }
        }
        if let privateKeyFile {
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: privateKeyFile, format: .pem))
        }
        return configuration
    }
}
