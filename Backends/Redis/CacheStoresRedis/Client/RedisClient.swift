import CacheStores
import Logging
import NIOCore
import Synchronization

/// Keeps a connection to a server, and opens a new one whenever it is lost.
///
/// While there is none, commands fail at once: whoever asks can do without an answer better than with a late one.
final class RedisClient: Sendable {
    private struct State {
        var connection: RedisConnection?
        var lastFailure: StoreError?
        var isShutDown = false
        var keeper: Task<Void, Never>?
        var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
        var nextWaiter = 0
    }

    private static let shortestPause: Int64 = 50
    private static let longestPause: Int64 = 5_000

    private let connector: RedisConnector
    private let logger: Logger
    private let state = Mutex(State())

    init(_ connector: RedisConnector, logger: Logger) {
        self.connector = connector
        self.logger = logger
    }

    var server: String { connector.address.description }

    /// Begins to keep a connection.
    ///
    /// - Parameters:
    ///   - name: the name that the server's operator sees for us.
    ///   - prepare: what has to be said on a new connection before anybody else may use it.
    func start(as name: String, prepare: @escaping @Sendable (RedisConnection) async throws -> Void) {
        // Ended by `stop()`.
        let keeper = Task.detached { [connector, logger, weak self] in
            var pause = Self.shortestPause
            var isFirstFailure = true
            while !Task.isCancelled {
                do {
                    let connection = try await connector.connect(as: name)
                    do {
                        try await prepare(connection)
                    } catch {
                        connection.close()
                        throw error
                    }
                    guard let self, self.adopt(connection) else { return connection.close() }
                    if !isFirstFailure { logger.notice("connected to \(connector.address)") }
                    (pause, isFirstFailure) = (Self.shortestPause, true)
                    _ = try? await connection.closed.get()
                    self.lose(connection)
                } catch {
                    guard let self else { return }
                    self.note(error)
                    if isFirstFailure {
                        logger.warning(
                            "there is no connection to \(connector.address)",
                            metadata: ["error": "\(error)"]
                        )
                    }
                    isFirstFailure = false
                }
                // Jittered, so that a fleet does not come back all at once.
                try? await Task.sleep(for: .milliseconds(Int64.random(in: pause / 2...pause)))
                pause = min(pause * 2, Self.longestPause)
            }
        }
        let isLate = state.withLock { state in
            state.keeper = keeper
            return state.isShutDown
        }
        if isLate { keeper.cancel() }
    }

    /// Sends a command over the connection that there is.
    ///
    /// - Parameter command: the command.
    /// - Returns: the reply, which is no complaint.
    /// - Throws: `StoreError`, or `CancellationError`.
    func reply(to command: RedisCommand) async throws -> RedisReply {
        let reply = try await connection().reply(to: command)
        if case .error(let complaint) = reply { throw StoreError(redis: complaint, from: server) }
        return reply
    }

    /// The connection that there is.
    func connection() throws(StoreError) -> RedisConnection {
        let (connection, isShutDown, failure) = state.withLock {
            ($0.connection, $0.isShutDown, $0.lastFailure)
        }
        guard !isShutDown else { throw StoreError(code: .shutDown, message: "the store was shut down") }
        guard let connection else {
            if let failure, failure.code != .timedOut { throw failure }
            throw StoreError(
                code: .unavailable,
                message: "there is no connection to \(server)",
                cause: failure
            )
        }
        return connection
    }

    /// Waits until there is a connection.
    func ready() async throws {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.isShutDown {
                        return .failure(StoreError(code: .shutDown, message: "the store was shut down"))
                    }
                    if state.connection != nil { return .success(()) }
                    state.waiters[number] = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
            try Task.checkCancellation()
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Closes the connection, and returns when nothing is left of it.
    func stop() async {
        let (keeper, connection) = end()
        connection?.close()
        await keeper?.value
    }

    /// Closes the connection without waiting.
    func abandon() {
        end().connection?.close()
    }

    private func end() -> (keeper: Task<Void, Never>?, connection: RedisConnection?) {
        let (keeper, connection, waiters) = state.withLock { state in
            state.isShutDown = true
            defer {
                state.connection = nil
                state.waiters = [:]
            }
            return (state.keeper, state.connection, Array(state.waiters.values))
        }
        keeper?.cancel()
        for waiter in waiters {
            waiter.resume(throwing: StoreError(code: .shutDown, message: "the store was shut down"))
        }
        return (keeper, connection)
    }

    private func adopt(_ connection: RedisConnection) -> Bool {
        let waiters: [CheckedContinuation<Void, any Error>]? = state.withLock { state in
            guard !state.isShutDown else { return nil }
            state.connection = connection
            state.lastFailure = nil
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters ?? [] { waiter.resume() }
        return waiters != nil
    }

    private func lose(_ connection: RedisConnection) {
        state.withLock { state in
            if state.connection === connection { state.connection = nil }
        }
    }

    private func note(_ error: any Error) {
        state.withLock { $0.lastFailure = error as? StoreError }
    }
}
