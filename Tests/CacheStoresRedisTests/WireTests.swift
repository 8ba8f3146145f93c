import CacheStores
import CacheStoresRedis
import Synchronization
import Testing

/// What a server may say that it should not.
@Suite(.timeLimit(.minutes(2))) struct WireTests {
    @Test(arguments: [
        ("garbage\r\n", false, StoreError.Code.unavailable), ("*1000000000\r\n", false, .timedOut),
        ("$10\r\nabc", true, .unavailable), ("", true, .unavailable), ("", false, .timedOut),
        ("-LOADING Redis is loading\r\n", false, .unavailable),
        ("-OOM command not allowed\r\n", false, .full),
        ("-READONLY You can't write\r\n", false, .readOnly),
        ("-NOAUTH Authentication\r\n", false, .accessDenied),
        ("-BUSY Redis is busy\r\n", false, .unavailable),
        ("-NOSCRIPT No matching script\r\n", false, .unavailable),
        ("-MOVED 1 127.0.0.1:1\r\n", false, .unavailable), ("-\r\n", false, .unavailable),
        ("$-1\r\n$3\r\nabc\r\n", false, .unavailable),
    ])
    func `an answer that is none is a StoreError in time, and the next one is taken`(
        bytes: String,
        closes: Bool,
        code: StoreError.Code
    ) async throws {
        let isMended = Mutex(false)
        let server = try await ScriptedServer {
            isMended.withLock { $0 } ? .init(bytes: "$-1\r\n") : .init(bytes: bytes, closes: closes)
        }
        let store = try Sample.store(server.address, deadline: .milliseconds(300))
        try await store.ready()
        // A reply too many comes after the right one, so it is the next call that fails.
        _ = try? await store.entry(for: Sample.key(1))
        do {
            _ = try await store.entry(for: Sample.key(1))
        } catch let error as StoreError {
            #expect([code, .unavailable].contains(error.code))
            #expect(!error.description.contains("abc"))
        }
        isMended.withLock { $0 = true }
        let isUsable = try await eventually { try await store.entry(for: Sample.key(1)) == nil }
        #expect(isUsable)
        await store.shutdown()
        try await server.stop()
    }

    @Test func `an error says what it means, and repeats nothing of the command`() async throws {
        let server = try await ScriptedServer { .init(bytes: "-OOM command 'GET secret' not allowed\r\n") }
        let store = try Sample.store(server.address)
        try await store.ready()
        let error = await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
        #expect(error?.code == .full)
        #expect(error?.description.contains("secret") == false)
        await store.shutdown()
        try await server.stop()
    }
}
