import CacheStores
import NIOCore

/// Hears what a server publishes, on a connection that does nothing else, and notices when it falls silent.
///
/// `@unchecked Sendable`: it is used on the connection's event loop only.
final class RedisListener: @unchecked Sendable {
    private unowned let connection: RedisConnection
    private let heartbeat: Duration
    private let message: @Sendable (RedisReply) -> Void
    private var subscribed: EventLoopPromise<Void>?
    private var pulse: RepeatedTask?
    private var lastHeard = WallClock.monotonic.now

    /// - Parameters:
    ///   - connection: the connection, which owns this listener.
    ///   - heartbeat: how often the server has to give a sign of life; after two that are missing the connection is
    ///     closed.
    ///   - message: gets what is published.
    init(
        on connection: RedisConnection,
        heartbeat: Duration,
        _ message: @escaping @Sendable (RedisReply) -> Void
    ) {
        self.connection = connection
        self.heartbeat = heartbeat
        self.message = message
    }

    /// Subscribes to a channel; the future is done when the subscription stands.
    func start(_ channel: String) throws -> EventLoopFuture<Void> {
        let subscribe = try RedisCommand("SUBSCRIBE", channel)
        let ping = try RedisCommand("PING")
        let subscribed = connection.eventLoop.makePromise(of: Void.self)
        self.subscribed = subscribed
        let interval = TimeAmount.milliseconds(max(1, heartbeat.wholeMilliseconds))
        pulse = connection.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            self.beat(ping)
        }
        connection.sendUnasked(subscribe)
        return subscribed.futureResult
    }

    func hear(_ reply: RedisReply) {
        lastHeard = WallClock.monotonic.now
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
        let silence = lastHeard.duration(to: WallClock.monotonic.now)
        if silence > heartbeat * 2 { return connection.close() }
        connection.sendUnasked(ping)
    }
}

extension RedisConnection {
    /// Makes this a connection that only hears what is published.
    ///
    /// - Parameters:
    ///   - channel: what to subscribe to.
    ///   - heartbeat: how often the server has to give a sign of life.
    ///   - message: gets what is published, on the event loop.
    /// - Throws: `StoreError` if the subscription does not come about.
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
