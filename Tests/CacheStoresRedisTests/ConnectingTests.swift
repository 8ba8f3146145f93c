import CacheStores
import CacheStoresRedis
import Foundation
import Testing
import TokenVerificationTestSupport

/// Login, database, TLS, and the end of connections.
@Suite(.timeLimit(.minutes(10))) struct ConnectingTests {
    private func failure(of store: RedisStore) async -> StoreError? {
        do {
            _ = try await store.entry(for: Sample.key(1))
            return nil
        } catch {
            return error as? StoreError
        }
    }

    @Test func `a connection uses the password, the user, the database and a name`() async throws {
        let server = try await RedisServer()
        try await server.run("ACL", "SETUSER", "gate", "on", ">p:ss/w@rd", "~*", "+@all")
        try await server.run("CONFIG", "SET", "requirepass", "s3cr3t")
        let place = "127.0.0.1:\(server.port)"
        for address in [
            "redis://:s3cr3t@\(place)/3", "redis://s3cr3t@\(place)/3",
            "redis://gate:p%3Ass%2Fw%40rd@\(place)/3",
        ] {
            let store = try Sample.store(address)
            try await store.waitUntilConnected()
            try await store.setEntry(Sample.entry(1), for: Sample.key(1))
            await store.shutdown()
        }
        let count = try await server.run(
            "-a",
            "s3cr3t",
            "-n",
            "3",
            "EVAL",
            "return #redis.call('KEYS', '{test}:e:*')",
            "0"
        )
        #expect(count.contains("1"))
        let named = try Sample.store("redis://:s3cr3t@\(place)")
        try await named.waitUntilConnected()
        #expect(try await server.run("-a", "s3cr3t", "CLIENT", "LIST").contains("name=cache-stores"))
        await named.shutdown()
        for address in ["redis://:wr0ng@\(place)", "redis://\(place)"] {
            let store = try Sample.store(address)
            try await eventually { await failure(of: store)?.code == .accessDenied }
            #expect(await failure(of: store)?.description.contains("wr0ng") == false)
            await store.shutdown()
        }
    }

    @Test func `an encrypted connection is verified`() async throws {
        let certificates = try await Certificates()
        let server = try await RedisServer(
            "--tls-port",
            String(certificates.port),
            "--tls-cert-file",
            certificates.path("server.pem"),
            "--tls-key-file",
            certificates.path("server.key"),
            "--tls-ca-cert-file",
            certificates.path("ca.pem")
        )
        let address = "rediss://localhost:\(certificates.port)"
        let client = RedisTLS(
            certificateAuthorityFile: certificates.path("ca.pem"),
            certificateFile: certificates.path("server.pem"),
            privateKeyFile: certificates.path("server.key")
        )
        let store = try Sample.store(address, tls: client)
        try await store.waitUntilConnected()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        #expect(try await store.entry(for: Sample.key(1))?.value == Sample.value(1))
        await store.shutdown()
        // A host name that the certificate lacks, and authorities that did not sign it: the system's, and a file's.
        var stranger = client
        stranger.certificateAuthorityFile = nil
        let others = try await Certificates()
        var pinned = client
        pinned.certificateAuthorityFile = others.path("ca.pem")
        for (address, tls) in [
            ("rediss://127.0.0.1:\(certificates.port)", client), (address, stranger), (address, pinned),
        ] {
            let store = try Sample.store(address, tls: tls)
            try await eventually { await failure(of: store)?.code == .unavailable }
            try await Task.sleep(for: .milliseconds(300))
            #expect(await failure(of: store) != nil)
            await store.shutdown()
        }
        withExtendedLifetime(server) {}
    }

    @Test func `a shutdown leaves no connection open`() async throws {
        let server = try await RedisServer()
        for _ in 0..<20 {
            let store = try Sample.store(server.address)
            try await store.waitUntilConnected()
            await store.shutdown()
            await store.shutdown()
            #expect(await failure(of: store)?.code == .shutDown)
        }
        try await eventually {
            try await server.run("CLIENT", "LIST").split(separator: "\n").count {
                $0.contains("cache-stores")
            } == 0
        }
    }

    @Test func `a store without references closes its connection`() async throws {
        let server = try await RedisServer()
        do {
            let store = try Sample.store(server.address)
            try await store.waitUntilConnected()
        }
        try await eventually { try await !server.run("CLIENT", "LIST").contains("cache-stores") }
    }
}
