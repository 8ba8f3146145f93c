import CacheStores
import CacheStoresRedis
import Synchronization
import Testing
import TokenVerificationTestSupport

/// Wrong replies of a server.
@Suite(.timeLimit(.minutes(10))) struct WireTests {
    @Test(arguments: [
        ("garbage\r\n", false, StoreError.Code.unavailable), ("*100000000\r\n", false, .timedOut),
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
    func `a wrong reply is a StoreError within the deadline, and the next right one is used`(
        bytes: String,
        closes: Bool,
        code: StoreError.Code
    ) async throws {
        let isMended = Mutex(false)
        let server = try await ScriptedServer {
            isMended.withLock { $0 } ? .init(bytes: "$-1\r\n") : .init(bytes: bytes, closes: closes)
        }
        let deadline: Duration = code == .timedOut ? .milliseconds(300) : .seconds(10)
        let store = try Sample.store(server.address, deadline: deadline)
        try await store.waitUntilConnected()
        // One reply too many follows the right one, so a later call may be the one that fails.
        var codes: [StoreError.Code] = []
        for _ in 0..<20 where codes.isEmpty {
            let start = ContinuousClock.now
            do {
                _ = try await store.entry(for: Sample.key(1))
            } catch let error as StoreError {
                codes.append(error.code)
                #expect(!error.description.contains("abc"))
            }
            #expect(ContinuousClock.now - start < .seconds(20), "a deadline of \(deadline)")
        }
        #expect(codes == [code])
        isMended.withLock { $0 = true }
        try await eventually { try await store.entry(for: Sample.key(1)) == nil }
        await store.shutdown()
        try await server.stop()
    }

    @Test func `an error repeats nothing of the command`() async throws {
        let server = try await ScriptedServer { .init(bytes: "-OOM command 'GET secret' not allowed\r\n") }
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        let error = await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
        #expect(error?.code == .full)
        #expect(error?.description.contains("secret") == false)
        await store.shutdown()
        try await server.stop()
    }

    @Test(arguments: [Int64.min, .max, -1])
    func `an impossible time is an error, not a crash`(seconds: Int64) async throws {
        let digits = String(seconds)
        let server = try await ScriptedServer { text in
            guard text.contains("TIME\r\n") else { return nil }
            return .init(bytes: "*2\r\n$\(digits.count)\r\n\(digits)\r\n$1\r\n0\r\n")
        } _: {
            .init(bytes: "$-1\r\n")
        }
        let store = try Sample.store(server.address)
        try await eventually {
            do {
                _ = try await store.entry(for: Sample.key(1))
                return false
            } catch {
                return "\(error)".contains("a reply of an unexpected form")
            }
        }
        await store.shutdown()
        try await server.stop()
    }

    /// Without the check, the reply after a missing one would go to the wrong call.
    @Test func `a lost reply is noticed, and shifts no later one`() async throws {
        let isLost = Atomic(false)
        let echoes = Atomic(0)
        let server = try await ScriptedServer { text in
            guard text.contains("ECHO") else { return nil }
            echoes.add(1, ordering: .sequentiallyConsistent)
            return .init(bytes: Self.echo(text))
        } _: {
            let losesThis = isLost.exchange(false, ordering: .sequentiallyConsistent)
            return .init(bytes: losesThis ? "" : "$-1\r\n")
        }
        let store = try Sample.store(server.address, deadline: .seconds(2))
        try await eventually { try await store.entry(for: Sample.key(0)) == nil }
        isLost.store(true, ordering: .sequentiallyConsistent)
        let lost = await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
        #expect(lost?.code == .timedOut)
        try await eventually { echoes.load(ordering: .sequentiallyConsistent) == 1 }
        // The reply to `ECHO` stands in the place of the lost one, and this call's reply in that of `ECHO`.
        let shifted = await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(2)) }
        #expect(shifted?.description.contains("out of order") == true)
        try await eventually { try await store.entry(for: Sample.key(3)) == nil }
        await store.shutdown()
        try await server.stop()
    }

    /// The late reply, then that to `ECHO`: each goes to its own call.
    @Test func `a late reply keeps its place, and the connection stays`() async throws {
        let isLate = Atomic(false)
        let echoes = Atomic(0)
        let connections = Atomic(0)
        let server = try await ScriptedServer { text in
            if text.contains("SETNAME") { connections.add(1, ordering: .sequentiallyConsistent) }
            guard text.contains("ECHO") else { return nil }
            echoes.add(1, ordering: .sequentiallyConsistent)
            return .init(bytes: "$-1\r\n" + Self.echo(text))
        } _: {
            let isThisLate = isLate.exchange(false, ordering: .sequentiallyConsistent)
            return .init(bytes: isThisLate ? "" : "$-1\r\n")
        }
        let store = try Sample.store(server.address, deadline: .seconds(2))
        try await eventually { try await store.entry(for: Sample.key(0)) == nil }
        isLate.store(true, ordering: .sequentiallyConsistent)
        await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
        try await eventually { echoes.load(ordering: .sequentiallyConsistent) == 1 }
        #expect(try await store.entry(for: Sample.key(2)) == nil)
        #expect(connections.load(ordering: .sequentiallyConsistent) == 1)
        await store.shutdown()
        try await server.stop()
    }

    /// The server's clock is read again, so that removals stay ordered by it.
    @Test func `a check that timed out is repeated on its connection`() async throws {
        let times = Atomic(0)
        let connections = Atomic(0)
        let time = "*2\r\n$10\r\n1700000000\r\n$1\r\n0\r\n"
        let server = try await ScriptedServer { text in
            if text.contains("SETNAME") { connections.add(1, ordering: .sequentiallyConsistent) }
            if text.contains("ECHO") { return .init(bytes: time + Self.echo(text)) }
            guard text.contains("TIME\r\n") else { return nil }
            // The second reply comes late, before that to `ECHO`.
            let number = times.add(1, ordering: .sequentiallyConsistent).newValue
            return .init(bytes: number == 2 ? "" : time)
        } _: {
            .init(bytes: "$-1\r\n")
        }
        // The server records another capacity, so the connection is checked each second.
        let store = try Sample.store(server.address, capacity: 7, deadline: .seconds(1))
        try await store.waitUntilConnected()
        try await eventually { times.load(ordering: .sequentiallyConsistent) >= 3 }
        #expect(connections.load(ordering: .sequentiallyConsistent) == 1)
        await store.shutdown()
        try await server.stop()
    }

    /// A reply to `ECHO`.
    private static func echo(_ command: String) -> String {
        let nonce = command.split(separator: "\r\n").last ?? ""
        return "$\(nonce.count)\r\n\(nonce)\r\n"
    }

    /// Else a token that was revoked would pass, and a removal would count as confirmed.
    @Test(arguments: [":1\r\n", "+OK\r\n", "*0\r\n"])
    func `a reply of another form is neither "no mark" nor a confirmation`(reply: String) async throws {
        let server = try await ScriptedServer { text in
            text.contains("GET\r\n") || text.contains("{test}:h:") ? .init(bytes: reply) : nil
        } _: {
            .init(bytes: "$-1\r\n")
        }
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        await #expect(throws: StoreError.self) { try await store.marks(for: [Sample.key(1)]) }
        if reply != ":1\r\n" {
            await #expect(throws: StoreError.self) { try await store.removeEntry(for: Sample.key(1)) }
        }
        await store.shutdown()
        try await server.stop()
    }

    @Test func `nodes that redirect to each other are named as such`() async throws {
        let port = Atomic(0)
        let server = try await ScriptedServer { text in
            let port = port.load(ordering: .sequentiallyConsistent)
            if text.contains("SLOTS") {
                return .init(bytes: "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(port)\r\n")
            }
            return text.contains("GET") ? .init(bytes: "-MOVED 1 127.0.0.1:\(port)\r\n") : nil
        } _: {
            .init(bytes: "+OK\r\n")
        }
        port.store(server.port, ordering: .sequentiallyConsistent)
        let store = try Sample.store("redis+cluster://127.0.0.1:\(server.port)", deadline: .seconds(60))
        try await store.waitUntilConnected()
        let error = await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
        #expect(error?.message.contains("redirect") == true)
        await store.shutdown()
        try await server.stop()
    }

    @Test func `a Sentinel that answers and closes delays no call and no shutdown`() async throws {
        let sentinel = try await ScriptedServer { text in
            text.contains("PING") ? .init(bytes: "+PONG\r\n", closes: true) : nil
        } _: {
            .init(bytes: "")
        }
        let place = sentinel.address.dropFirst("redis://".count)
        for _ in 0..<20 {
            let store = try Sample.store("redis+sentinel://\(place)/service")
            await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...10)))
            await store.shutdown()
        }
        try await sentinel.stop()
    }

    /// The server answers the look-up behind `ASKING` by what it thinks of that.
    @Test(arguments: [true, false])
    func `a refused ASKING is an error, and its look-up is not believed`(isRefused: Bool) async throws {
        let port = Atomic(0)
        let isAsking = Atomic(false)
        let server = try await ScriptedServer { text in
            let port = port.load(ordering: .sequentiallyConsistent)
            if text.contains("SLOTS") {
                return .init(
                    bytes: "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(port)\r\n"
                )
            }
            if text.contains("ASKING") {
                isAsking.store(true, ordering: .sequentiallyConsistent)
                return .init(bytes: isRefused ? "-ERR no\r\n" : "+OK\r\n")
            }
            guard text.contains("GET") else { return nil }
            let isAsked = isAsking.exchange(false, ordering: .sequentiallyConsistent)
            return .init(bytes: isAsked ? "$-1\r\n" : "-ASK 1 127.0.0.1:\(port)\r\n")
        } _: {
            .init(bytes: "+OK\r\n")
        }
        port.store(server.port, ordering: .sequentiallyConsistent)
        let store = try Sample.store("redis+cluster://127.0.0.1:\(server.port)", deadline: .seconds(60))
        try await store.waitUntilConnected()
        if isRefused {
            await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
        } else {
            #expect(try await store.entry(for: Sample.key(1)) == nil)
        }
        await store.shutdown()
        try await server.stop()
    }
}
