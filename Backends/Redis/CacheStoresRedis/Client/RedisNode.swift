import CacheStores
import Logging
import NIOCore
import Synchronization

/// Keeps a connection to one server, and opens a new one whenever it is lost.
///
/// While there is none, commands fail at once: whoever asks can do without an answer better than with a late one.
final class RedisNode: Sendable {
    /// What has to be done on a connection before anybody else may use it, and again now and then.
    ///
    /// Returns whether everything is in order; if not, it is tried again soon.
    typealias Care = @Sendable (RedisConnection) async throws -> Bool

    private struct State {
        var connection: RedisConnection?
        var lastFailure: StoreError?
        var isShutDown = false
        var keeper: Task<Void, Never>?
    }

    private let connector: RedisConnector
    private let locate: @Sendable () async throws -> RedisEndpoint
    private let care: Care
    private let changed: @Sendable () -> Void
    private let logger: Logger
    private let name: String
    private let state = Mutex(State())
    private let gate = ReadyGate()

    /// - Parameters:
    ///   - name: what the server is called in messages.
    ///   - connector: opens connections.
    ///   - logger: where connections that are lost and found are reported.
    ///   - locate: finds out where the server is, before every connection.
    ///   - care: what has to be done on a connection.
    ///   - changed: is called whenever there is a connection, or none any more.
    init(
        _ name: String,
        _ connector: RedisConnector,
        logger: Logger,
        locate: @escaping @Sendable () async throws -> RedisEndpoint,
        care: @escaping Care,
        changed: @escaping @Sendable () -> Void = {}
    ) {
        self.name = name
        self.connector = connector
        self.logger = logger
        self.locate = locate
        self.care = care
        self.changed = changed
    }

    /// Begins to keep a connection.
    func start() {
        // Ended by `end()`.
        let keeper = Task.detached { [weak self] in
            var pause = Backoff(.milliseconds(50), upTo: .seconds(5))
            var isFirstFailure = true
            while !Task.isCancelled {
                guard let connection = await self?.connect(isFirstFailure) else {
                    isFirstFailure = false
                    await pause.wait()
                    continue
                }
                if !isFirstFailure { self?.logger.notice("connected to \(connection.endpoint)") }
                isFirstFailure = true
                await self?.keep(connection)
                pause.reset(after: connection.age)
                await pause.wait()
            }
        }
        let isLate = state.withLock { state in
            state.keeper = keeper
            return state.isShutDown
        }
        if isLate { keeper.cancel() }
    }

    /// The connection that there is.
    func connection() throws(StoreError) -> RedisConnection {
        let (connection, isShutDown, failure) = state.withLock {
            ($0.connection, $0.isShutDown, $0.lastFailure)
        }
        if let connection { return connection }
        guard !isShutDown else { throw .storeIsShutDown }
        if let failure, failure.code != .timedOut { throw failure }
        throw StoreError(code: .unavailable, message: "there is no connection to \(name)", cause: failure)
    }

    /// Whether there is no connection, and none has failed so far.
    var isNew: Bool { state.withLock { $0.connection == nil && $0.lastFailure == nil } }

    /// Waits until there is a connection.
    func ready() async throws {
        try await gate.pass()
    }

    /// Closes the connection, so that the server is looked for anew.
    func reconnect() {
        state.withLock(\.connection)?.close()
    }

    /// Closes the connection, and returns when nothing is left of it.
    func stop() async {
        await end()?.value
    }

    /// Closes the connection without waiting.
    func abandon() {
        _ = end()
    }

    private func end() -> Task<Void, Never>? {
        let (keeper, connection) = state.withLock { state in
            state.isShutDown = true
            defer { state.connection = nil }
            return (state.keeper, state.connection)
        }
        keeper?.cancel()
        connection?.close()
        gate.end(.storeIsShutDown)
        return keeper
    }

    private func connect(_ isFirstFailure: Bool) async -> RedisConnection? {
        do {
            let connection = try await connector.connect(to: locate())
            do {
                _ = try await care(connection)
            } catch {
                connection.close()
                throw error
            }
            if adopt(connection) { return connection }
            connection.close()
            return nil
        } catch {
            state.withLock { $0.lastFailure = error as? StoreError ?? $0.lastFailure }
            changed()
            if isFirstFailure, !(error is CancellationError) {
                logger.warning("there is no connection to \(name)", metadata: ["error": "\(error)"])
            }
            return nil
        }
    }

    private func adopt(_ connection: RedisConnection) -> Bool {
        let isAdopted = state.withLock { state in
            guard !state.isShutDown else { return false }
            state.connection = connection
            state.lastFailure = nil
            return true
        }
        guard isAdopted else { return false }
        gate.set(isOpen: true)
        changed()
        return true
    }

    /// Cares for a connection for as long as it lasts.
    private func keep(_ connection: RedisConnection) async {
        // Ended below, as soon as the connection is no more.
        let carer = Task { [care] in
            var isInOrder = true
            while true {
                try await Task.sleep(for: isInOrder ? .seconds(60) : .seconds(1))
                do {
                    isInOrder = try await care(connection)
                } catch let error as StoreError where error.code != .timedOut {
                    // It is not the server any more that it was.
                    connection.close()
                }
            }
        }
        await connection.waitUntilClosed()
        carer.cancel()
        gate.set(isOpen: false)
        state.withLock { state in
            guard state.connection === connection else { return }
            state.connection = nil
            state.lastFailure = .lostConnection(to: connection.endpoint)
        }
        changed()
    }
}
