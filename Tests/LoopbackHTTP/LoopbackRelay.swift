import Dispatch
import Synchronization

/// Passes bytes on to a server of this machine, as a balancer does, and can lose connections without a word.
public final class LoopbackRelay: Sendable {
    private struct State {
        /// The two ends of each connection.
        var descriptors: [Int32] = []
        /// Rises with each silence; a connection that was made in an earlier one is dead.
        var age = 0
        var connections = 0
        var isStopped = false
    }

    public let port: Int
    private let listener: Int32
    private let server: Int
    private let state = Mutex(State())
    private let threads = DispatchGroup()

    /// - Parameter server: the port of the server.
    /// - Throws: ``LoopbackError``.
    public init(to server: Int) throws {
        (listener, port) = try LoopbackSocket.listening(backlog: 128)
        self.server = server
        start { $0.accept() }
    }

    /// Connections accepted so far.
    public var connectionCount: Int { state.withLock { $0.connections } }

    /// Every connection that is open falls silent: it takes bytes, passes none on, and stays open.
    public func silence() {
        state.withLock { $0.age += 1 }
    }

    /// Closes everything, and returns once all threads have ended.
    public func stop() async {
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            state.descriptors.forEach(LoopbackSocket.interrupt)
            return !state.isStopped
        }
        if isFirst {
            LoopbackSocket.interrupt(listener)
        }
        await withCheckedContinuation { continuation in
            threads.notify(queue: .global()) { continuation.resume() }
        }
        state.withLock { state in
            state.descriptors.forEach(LoopbackSocket.closed)
            state.descriptors = []
        }
    }

    private func start(_ body: @escaping @Sendable (LoopbackRelay) -> Void) {
        threads.enter()
        LoopbackThread.start { [self] in
            body(self)
            threads.leave()
        }
    }

    private func accept() {
        while let client = LoopbackSocket.accepted(listener) {
            guard let upstream = LoopbackSocket.connected(to: server) else {
                LoopbackSocket.closed(client)
                continue
            }
            let age: Int? = state.withLock { state in
                guard !state.isStopped else { return nil }
                state.descriptors += [client, upstream]
                state.connections += 1
                return state.age
            }
            guard let age else {
                LoopbackSocket.closed(client)
                LoopbackSocket.closed(upstream)
                continue
            }
            start { $0.pass(from: client, to: upstream, age) }
            start { $0.pass(from: upstream, to: client, age) }
        }
        LoopbackSocket.closed(listener)
    }

    private func pass(from source: Int32, to sink: Int32, _ age: Int) {
        while let bytes = LoopbackSocket.received(source) {
            guard state.withLock({ $0.age == age }) else { continue }
            guard LoopbackSocket.sent(bytes, sink) else { return }
        }
        // The end of a connection is passed on too, unless it fell silent.
        if state.withLock({ $0.age == age }) { LoopbackSocket.interrupt(sink) }
    }
}
