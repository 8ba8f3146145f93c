#if Redis
import CacheStores
import CacheStoresWaiting
import Logging
import NIOCore
import Synchronization

/// Keeps a connection to one server, and opens a new one whenever it is lost.
///
/// Fails fast: without a connection a command fails at once, since a cache's late answer is worse than none.
final class RedisNode: Sendable {
    /// Prepares a connection before its first use, and checks it every minute.
    ///
    /// Returns whether everything is in order; if not, it is called again after a second.
    typealias Check = @Sendable (RedisConnection) async throws -> Bool

    private struct State {
        var connection: RedisConnection?
        var lastFailure: StoreError?
        /// Whether the last attempt to connect failed, so that the next failure is not logged.
        var isFailing = false
        var isShutDown = false
    }

    private let connector: RedisConnector
    private let locate: @Sendable () async throws -> RedisEndpoint
    private let check: Check
    private let changed: @Sendable () -> Void
    private let logger: Logger
    private let name: String
    private let state = Mutex(State())
    private let gate = ReadyGate()
    private let keeper = Keeper(from: .milliseconds(50), to: .seconds(5))

    /// - Parameters:
    ///   - name: the server's name in messages.
    ///   - connector: opens connections.
    ///   - logger: reports lost and new connections.
    ///   - locate: returns the server's endpoint; called before every connection.
    ///   - check: prepares and checks a connection.
    ///   - changed: is called whenever a connection is opened or lost.
    init(
        _ name: String,
        _ connector: RedisConnector,
        logger: Logger,
        locate: @escaping @Sendable () async throws -> RedisEndpoint,
        check: @escaping Check,
        changed: @escaping @Sendable () -> Void = {}
    ) {
        self.name = name
        self.connector = connector
        self.logger = logger
        self.locate = locate
        self.check = check
        self.changed = changed
    }

    /// Starts keeping a connection.
    func start() {
        keeper.start { [weak self] in
            guard let (connection, isInOrder) = await self?.connect() else { return }
            await self?.keep(connection, isInOrder)
        }
    }

    /// The open connection.
    ///
    /// - Throws: `StoreError` if there is none.
    func connection() throws(StoreError) -> RedisConnection {
        let (connection, isShutDown, failure) = state.withLock {
            ($0.connection, $0.isShutDown, $0.lastFailure)
        }
        if let connection { return connection }
        guard !isShutDown else { throw .storeIsShutDown }
        if let failure, failure.code != .timedOut { throw failure }
        throw StoreError(code: .unavailable, message: "there is no connection to \(name)", cause: failure)
    }

    /// Whether the first attempt to connect is still under way.
    var isNew: Bool { state.withLock { $0.connection == nil && $0.lastFailure == nil } }

    /// Waits until there is a connection.
    func waitUntilConnected() async throws {
        try await gate.waitUntilOpen()
    }

    /// Closes the connection, and waits for its end.
    func stop() async {
        abandon()
        await keeper.stop()
    }

    /// Closes the connection without waiting.
    func abandon() {
        let connection = state.withLock { state in
            state.isShutDown = true
            defer { state.connection = nil }
            return state.connection
        }
        keeper.abandon()
        connection?.close()
        gate.end(.storeIsShutDown)
    }

    /// Opens a connection, and returns whether its first check found everything in order.
    private func connect() async -> (RedisConnection, isInOrder: Bool)? {
        do {
            let connection = try await connector.connect(to: locate())
            let isInOrder: Bool
            do {
                isInOrder = try await check(connection)
            } catch {
                connection.close()
                throw error
            }
            if adopt(connection) { return (connection, isInOrder) }
            connection.close()
            return nil
        } catch {
            let isNews = state.withLock { state in
                state.lastFailure = error as? StoreError ?? state.lastFailure
                defer { state.isFailing = true }
                return !state.isFailing
            }
            changed()
            if isNews, !(error is CancellationError) {
                logger.warning("there is no connection to \(name)", metadata: ["error": "\(error)"])
            }
            return nil
        }
    }

    private func adopt(_ connection: RedisConnection) -> Bool {
        let (isAdopted, wasFailing) = state.withLock { state in
            guard !state.isShutDown else { return (false, false) }
            state.connection = connection
            state.lastFailure = nil
            defer { state.isFailing = false }
            return (true, state.isFailing)
        }
        guard isAdopted else { return false }
        if wasFailing { logger.notice("connected to \(connection.endpoint)") }
        gate.set(isOpen: true)
        changed()
        return true
    }

    /// Checks a connection every minute until it is closed; sooner after a check that failed or came to no end.
    private func keep(_ connection: RedisConnection, _ isInOrder: Bool) async {
        // Ended below, when the connection is closed.
        let checks = Task { [check] in
            var isInOrder = isInOrder
            while true {
                try await Task.sleep(for: isInOrder ? .seconds(60) : .seconds(1))
                do {
                    isInOrder = try await check(connection)
                } catch let error as StoreError {
                    isInOrder = false
                    // Any other error means that the server has changed, so its connection is opened again.
                    if error.code != .timedOut { connection.close() }
                }
            }
        }
        await connection.waitUntilClosed()
        checks.cancel()
        gate.set(isOpen: false)
        state.withLock { state in
            guard state.connection === connection else { return }
            state.connection = nil
            state.lastFailure = .lostConnection(to: connection.endpoint)
        }
        changed()
    }
}
#endif
