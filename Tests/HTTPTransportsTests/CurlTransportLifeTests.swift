import Foundation
import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Synchronization
import Testing
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct CurlTransportLifeTests {
    @Test func `sends nothing for a task that was cancelled before`() async throws {
        try await withServer { _ in
            .reply()
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                _ = try await transport.response(to: request)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `ends the transfer when its task is cancelled`() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let (departures, departure) = AsyncStream.makeStream(of: Void.self)
        try await withServer { _ in
            arrival.yield()
            return .stall
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            let task = Task { _ = try await transport.response(to: request) }
            for await _ in arrivals { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            // The server notices the end of the connection while the transport lives on.
            Task {
                try await eventually { server.openConnectionCount == 0 }
                departure.finish()
            }
            for await _ in departures {}
            #expect(ClientSockets.count(to: server.port) == 0)
        }
    }

    @Test func `resumes every task once, however cancellation falls`() async throws {
        try await withServer { _ in
            .reply()
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        let task = Task { try await transport.response(to: request) }
                        for _ in 0..<(number % 40) { await Task.yield() }
                        task.cancel()
                        do {
                            return try await task.value.head.status == .ok
                        } catch {
                            return error is CancellationError
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(outcomes == 400)
        }
    }

    @Test func `serves a thousand requests over few connections`() async throws {
        let configuration = CurlTransport.Configuration(
            connectDeadline: .seconds(50),
            maximumConnections: 16,
            maximumConnectionsPerHost: 8
        )
        try await withServer(configuration) {
            .reply(text: $0.target)
        } body: { server, transport in
            let endpoint = try HTTPEndpoint(server.url)
            let right = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1_000 {
                    let request = try endpoint.appending(path: "\(number)").request(.get)
                    group.addTask {
                        let reply = try await transport.response(to: request)
                        return String(decoding: reply.body, as: UTF8.self) == "/\(number)"
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(right == 1_000)
            #expect(server.connectionCount <= 8)
            #expect(ClientSockets.count(to: server.port) <= 8)
            #expect(transport.liveHandles.transfers <= 16)
        }
    }

    @Test func `asks again on a new connection when the kept one was closed`() async throws {
        try await withServer { request in
            LoopbackAnswer(LoopbackAnswer.reply(text: request.target).steps + [.close])
        } body: { server, transport in
            let request = try HTTPEndpoint("\(server.url)/a/./b").request(.get)
            for _ in 0..<10 {
                #expect(try await transport.response(to: request).body == Array("/a/./b".utf8))
            }
            #expect(server.requestCount == 10)
        }
    }

    @Test func `ends what is in flight on shutdown, and refuses what comes later`() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        try await withServer { _ in
            arrival.yield()
            return .stall
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            let tasks = (0..<3).map { _ in Task { await code { try await transport.response(to: request) } } }
            var arrived = 0
            for await _ in arrivals {
                arrived += 1
                if arrived == tasks.count { break }
            }
            await withTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        await transport.shutdown()
                        #expect(transport.liveHandles == .init())
                    }
                }
            }
            for task in tasks {
                #expect(await task.value == .shutDown)
            }
            #expect(await code { try await transport.response(to: request) } == .shutDown)
            await transport.shutdown()
        }
    }

    @Test func `ends by itself when the last user lets go`() async throws {
        let server = try LoopbackServer { _ in .reply() }
        let request = try HTTPEndpoint(server.url).request(.get)
        weak let abandoned = try await abandonedTransport(after: request)
        #expect(abandoned == nil)
        // The thread closes the connection that it kept.
        try await eventually { server.openConnectionCount == 0 }
        await server.stop()
    }

    private func abandonedTransport(after request: HTTPRequest) async throws -> CurlTransport? {
        let transport = try CurlTransport()
        weak let reference = transport
        #expect(try await transport.response(to: request).head.status == .ok)
        return reference === transport ? nil : transport
    }

    /// In a process of its own, where no other test opens descriptors.
    @Test func `gives back every descriptor`() async throws {
        await #expect(processExitsWith: .success) {
            let server = try LoopbackServer { $0.target == "/stall" ? .stall : .reply() }
            let requests = try ["/", "/stall"].map {
                try HTTPEndpoint(server.url).appending(path: $0).request(.get)
            }
            var counts: Set<Int> = []
            for _ in 0..<20 {
                let transport = try CurlTransport()
                for request in requests {
                    _ = try? await transport.response(
                        to: request,
                        limits: .init(deadline: .milliseconds(100))
                    )
                }
                #expect(transport.liveHandles == .init(transfers: 1, multiHandles: 1))
                #expect(ClientSockets.count(to: server.port) == 0)
                await transport.shutdown()
                try await eventually { server.openConnectionCount == 0 }
                counts.insert(ClientSockets.countOfDescriptors())
            }
            #expect(counts.count == 1)
            await server.stop()
        }
    }

    @Test func `takes no configuration that can't work`() throws {
        let configurations: [CurlTransport.Configuration] = [
            .init(connectDeadline: .zero), .init(certificateAuthorityFile: "/nowhere/ca.pem"),
            .init(certificateAuthorityFile: ""), .init(proxy: "proxy.example:80"),
            .init(proxy: "http://user:secret@proxy.example"), .init(proxy: "http://"),
            .init(maximumConnections: 0), .init(maximumIdleTime: .zero), .init(maximumConnectionAge: .zero),
            .init(maximumConnectionsPerHost: Int.max), .init(userAgent: "a\r\nX-Evil: b"),
        ]
        for configuration in configurations {
            #expect(throws: HTTPTransportError.self) { try CurlTransport(configuration) }
        }
    }

    @Test func `starts nothing before its first exchange`() async throws {
        try await withTransport { transport in
            #expect(transport.liveHandles == .init())
        }
    }

    @Test func `that is shared outlives a shutdown`() async throws {
        let server = try LoopbackServer { _ in .reply() }
        let request = try HTTPEndpoint(server.url).request(.get)
        for _ in 0..<2 {
            #expect(try await CurlTransport.shared.response(to: request).head.status == .ok)
            await CurlTransport.shared.shutdown()
        }
        await server.stop()
    }

    @Test func `that is shared ends with its process, whatever is under way`() async throws {
        await #expect(processExitsWith: .success) {
            let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
            let server = try LoopbackServer { _ in
                arrival.yield()
                return .stall
            }
            let request = try HTTPEndpoint(server.url).request(.get)
            for _ in 0..<8 {
                // Ended by the end of the process.
                Task.detached { try await CurlTransport.shared.response(to: request) }
            }
            for await _ in arrivals { break }
            exit(0)
        }
    }
}
