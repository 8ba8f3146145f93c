import Dispatch
import Synchronization

/// A scripted HTTP/1.1 server on a free port of 127.0.0.1, for tests.
///
/// Each connection has its own thread, so a handler may block and an answer may stall.
///
/// ```swift
/// let server = try LoopbackServer { request in .reply(text: #"{"active":false}"#) }
/// let reply = try await transport.response(to: HTTPEndpoint(server.url).request(.get), …)
/// await server.stop()
/// ```
public final class LoopbackServer: Sendable {
    public typealias Handler = @Sendable (LoopbackRequest) -> LoopbackAnswer

    private struct State {
        var descriptors: Set<Int32> = []
        var connections = 0
        var requests = 0
        var isStopped = false
    }

    public let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let threads = DispatchGroup()

    /// - Parameters:
    ///   - backlog: how many connections the system accepts on the server's behalf.
    ///   - handler: answers each request; called on the connection's thread.
    /// - Throws: ``LoopbackError``.
    public init(backlog: Int32 = 128, _ handler: @escaping Handler) throws {
        (listener, port) = try LoopbackSocket.listening(backlog: backlog)
        start { $0.accept(handler) }
    }

    /// The server's root, without a slash at its end.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Connections accepted so far.
    public var connectionCount: Int { state.withLock { $0.connections } }
    /// Connections that are open.
    public var openConnectionCount: Int { state.withLock { $0.descriptors.count } }
    /// Requests read so far.
    public var requestCount: Int { state.withLock { $0.requests } }

    /// Closes every connection and the port, and returns once all threads have ended.
    public func stop() async {
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            for descriptor in state.descriptors {
                LoopbackSocket.interrupt(descriptor)
            }
            return !state.isStopped
        }
        if isFirst {
            LoopbackSocket.interrupt(listener)
        }
        await withCheckedContinuation { continuation in
            threads.notify(queue: .global()) { continuation.resume() }
        }
    }

    private func start(_ body: @escaping @Sendable (LoopbackServer) -> Void) {
        threads.enter()
        LoopbackThread.start { [self] in
            body(self)
            threads.leave()
        }
    }

    private func accept(_ handler: @escaping Handler) {
        while let descriptor = LoopbackSocket.accepted(listener) {
            let isWelcome = state.withLock { state in
                guard !state.isStopped else { return false }
                state.descriptors.insert(descriptor)
                state.connections += 1
                return true
            }
            guard isWelcome else {
                LoopbackSocket.closed(descriptor)
                continue
            }
            start { $0.serve(descriptor, handler) }
        }
        LoopbackSocket.closed(listener)
    }

    private func serve(_ descriptor: Int32, _ handler: Handler) {
        var connection = LoopbackConnection(descriptor)
        while let request = connection.nextRequest() {
            state.withLock { $0.requests += 1 }
            guard connection.perform(handler(request)) else { break }
        }
        // Under the lock, so that `stop` can't interrupt a descriptor that has a new owner by then.
        state.withLock { state in
            state.descriptors.remove(descriptor)
            LoopbackSocket.closed(descriptor)
        }
    }
}
