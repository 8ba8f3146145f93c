import Dispatch
import Hummingbird
import HummingbirdCore
import LoopbackHTTP
import ServiceLifecycle
import Testing
import TokenVerificationHummingbird

/// Which waiting a connection survives, and which answers arrive whole.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTimeTests {
    private static let size = 16 << 20

    /// Serves requests.
    ///
    /// - Parameters:
    ///   - requestTimeout: the server's time-out; long where it must not strike, since a busy machine is slow to send.
    ///   - wait: how long the slow handlers wait.
    ///   - begun: is signalled by a handler that waits.
    ///   - test: what is done with the server.
    /// - Throws: what `test` throws.
    private static func serving(
        requestTimeout: Duration = .seconds(8),
        wait: Duration = .seconds(2),
        begun: DispatchSemaphore = DispatchSemaphore(value: 0),
        _ test: (TestServer) async throws -> Void
    ) async throws {
        let router = Router(context: BasicVerifiedRequestContext.self)
        let large = ByteBuffer(repeating: 7, count: size)
        router.get("me") { _, _ in "me" }
        router.get("slow") { _, _ in
            begun.signal()
            try await Task.sleep(for: wait)
            return "slow"
        }
        router.post("slow") { request, _ in
            try await Task.sleep(for: wait)
            return "\(try await request.body.collect(upTo: size).readableBytes)"
        }
        router.get("large") { _, _ in Response(status: .ok, body: ResponseBody(byteBuffer: large)) }
        router.get("large-at-shutdown") { _, _ in
            begun.signal()
            try? await gracefulShutdown()
            return Response(status: .ok, body: ResponseBody(byteBuffer: large))
        }
        router.post("at-shutdown") { _, _ in
            begun.signal()
            try? await gracefulShutdown()
            return "late"
        }
        for status in [HTTPResponse.Status.noContent, .notModified] {
            router.get("\(status.code)") { _, _ in
                Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: "HTTP/1.1 ")))
            }
            router.head("\(status.code)") { _, _ in Response(status: status) }
        }
        let server = HTTPServerBuilder.strictHTTP1(configuration: .init(), requestTimeout: requestTimeout)
        try await TestServer.run(router, on: server, test: test)
    }

    private static func request(_ line: String, _ fields: String...) -> String {
        (["\(line) HTTP/1.1", "Host: a"] + fields).map { $0 + "\r\n" }.joined() + "\r\n"
    }

    @Test func `does not count the time in which 100 Continue is owed`() async throws {
        try await Self.serving(wait: .seconds(10)) { server in
            let statuses = try await LoopbackClient.run(port: server.port) { client in
                client.send(
                    Self.request("GET /slow")
                        + Self.request("POST /slow", "Expect: 100-continue", "Content-Length: 3")
                )
                var statuses = [try client.answer()?.status, try client.answer()?.status]
                client.send("abc")
                statuses.append(try client.answer()?.status)
                return statuses
            }
            #expect(statuses == [200, 100, 200])
        }
    }

    @Test(arguments: [[], ["GET /slow"]])
    func `does not count the time in which a body is left unread`(earlier: [String]) async throws {
        try await Self.serving(wait: .seconds(10)) { server in
            let texts = try await LoopbackClient.run(port: server.port) { client in
                client.send(earlier.map { Self.request($0) }.joined())
                client.send(Self.request("POST /slow", "Content-Length: \(Self.size)"))
                client.send([UInt8](repeating: 7, count: Self.size))
                return try (0...earlier.count).map { _ in try client.answer()?.text }
            }
            #expect(texts == earlier.map { _ in "slow" } + ["\(Self.size)"])
        }
    }

    @Test func `closes on a request that begins during an earlier one and does not end`() async throws {
        let begun = DispatchSemaphore(value: 0)
        try await Self.serving(requestTimeout: .seconds(1), begun: begun) { server in
            let (answer, next) = try await LoopbackClient.run(port: server.port) { client in
                client.send(Self.request("GET /slow"))
                begun.wait()
                client.send("G")
                return (try client.answer(), try client.answer())
            }
            #expect(answer?.text == "slow")
            #expect(next == nil)
        }
    }

    /// The client's own sending blocks until the server closes: neither side reads.
    @Test func `closes on a client that does not read its answer`() async throws {
        try await Self.serving(requestTimeout: .seconds(1)) { server in
            let time = try await LoopbackClient.run(port: server.port) { client in
                client.send(Self.request("GET /large"))
                return ContinuousClock().measure { client.send([UInt8](repeating: 7, count: 4 * Self.size)) }
            }
            #expect(time < .seconds(50))
        }
    }

    @Test(arguments: [false, true])
    func `sends a large answer to its end, though the server or the client's output ends`(
        isShutDown: Bool
    ) async throws {
        let begun = DispatchSemaphore(value: 0)
        try await Self.serving(begun: begun) { server in
            let path = isShutDown ? "GET /large-at-shutdown" : "GET /large"
            async let answer = LoopbackClient.run(port: server.port) { client in
                client.send(Self.request(path))
                if !isShutDown { client.endOutput() }
                return try client.answer()
            }
            if isShutDown {
                await Self.wait(for: begun)
                await server.shutDown()
            }
            let count = try await answer?.body.count
            #expect(count == Self.size)
        }
    }

    @Test(arguments: [1_000, 5_000_000])
    func `lets a client read the answer at a shutdown though its body is not read`(length: Int) async throws {
        let begun = DispatchSemaphore(value: 0)
        try await Self.serving(begun: begun) { server in
            async let answer = LoopbackClient.run(port: server.port) { client in
                client.send(Self.request("POST /at-shutdown", "Content-Length: \(length)"))
                client.send([UInt8](repeating: 7, count: length))
                return try client.answer()
            }
            await Self.wait(for: begun)
            await server.shutDown()
            let text = try await answer?.text
            #expect(text == "late")
        }
    }

    @Test(arguments: [204, 304]) func `sends no body with a status that has none`(status: Int) async throws {
        try await Self.serving { server in
            let (first, second, third) = try await LoopbackClient.run(port: server.port) { client in
                client.send(Self.request("GET /\(status)"))
                let first = try client.answer()
                client.send(Self.request("HEAD /\(status)"))
                let second = try client.answer(isToHead: true)
                client.send(Self.request("GET /me"))
                return (first, second, try client.answer())
            }
            #expect(first?.status == status && second?.status == status)
            #expect(second?.closes == false)
            #expect(third?.text == "me")
        }
    }

    /// Waits on a thread that may block.
    private static func wait(for semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                semaphore.wait()
                continuation.resume()
            }
        }
    }
}
