#if Redis
import CacheStores
import NIOCore

/// Receives a server's published messages on a connection of its own, and closes it when the server falls silent.
///
/// `@unchecked Sendable`: it is used on the connection's event loop only.
final class RedisListener: @unchecked Sendable {
    private unowned let connection: RedisConnection
    private let heartbeat: Duration
    private let message: @Sendable (RedisReply) -> Void
    private var subscribed: EventLoopPromise<Void>?
    private var pulse: RepeatedTask?
    private var lastHeard = ContinuousClock.now

    /// - Parameters:
    ///   - connection: the connection, which owns this listener.
    ///   - heartbeat: the interval of pings; after two without an answer the connection is closed.
    ///   - message: receives each published message.
    init(
        on connection: RedisConnection,
        heartbeat: Duration,
        _ message: @escaping @Sendable (RedisReply) -> Void
    ) {
        self.connection = connection
        self.heartbeat = heartbeat
        self.message = message
    }

    /// Subscribes to a channel; the future completes when the server confirms the subscription.
    func start(_ channel: String) throws -> EventLoopFuture<Void> {
        let subscribe = try RedisCommand("SUBSCRIBE", channel)
        let ping = try RedisCommand("PING")
        let subscribed = connection.eventLoop.makePromise(of: Void.self)
        self.subscribed = subscribed
        let interval = TimeAmount(heartbeat)
        pulse = connection.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            self.beat(ping)
        }
        connection.sendWithoutCall(subscribe)
        return subscribed.futureResult
    }

    func hear(_ reply: RedisReply) {
        lastHeard = .now
        if case .error(let complaint) = reply {
            subscribed?.fail(StoreError(redis: complaint, from: connection.endpoint, to: "SUBSCRIBE"))
            return connection.close()
        }
        guard let parts = reply.array,
            let kind = parts.first?.bytes.map({ String(decoding: $0, as: UTF8.self) })
        else { return connection.close() }
        switch (kind, parts.count) {
        case ("message", 3): message(parts[2])
        case ("subscribe", _): subscribed?.succeed()
        case ("pong", _): break
        default: connection.close()
        }
    }

    func end() {
        pulse?.cancel()
        subscribed?.fail(StoreError.lostConnection(to: connection.endpoint))
    }

    private func beat(_ ping: RedisCommand) {
        let silence = lastHeard.duration(to: .now)
        if silence > heartbeat * 2 { return connection.close() }
        connection.sendWithoutCall(ping)
    }
}

extension RedisConnection {
    /// Subscribes to a channel; from then on the connection carries messages only.
    ///
    /// - Parameters:
    ///   - channel: the name of the channel.
    ///   - heartbeat: the interval of pings; after two without an answer the connection is closed.
    ///   - message: receives each published message, on the event loop.
    /// - Throws: `StoreError` if the subscription fails.
    func listen(
        to channel: String,
        heartbeat: Duration,
        _ message: @escaping @Sendable (RedisReply) -> Void
    ) async throws {
        let subscription = eventLoop.flatSubmit { [self] in
            do {
                let listener = RedisListener(on: self, heartbeat: heartbeat, message)
                try setListener(listener)
                return try listener.start(channel)
            } catch {
                return eventLoop.makeFailedFuture(error)
            }
        }
        try await subscription.get()
    }
}
#endif
