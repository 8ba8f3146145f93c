#if Redis
import CacheStores
import CacheStoresWaiting
import Logging

/// Sends the invalidations of a store to this process's subscribers.
///
/// All subscribers share one channel, and without subscribers there is none. The channel closes when a connection to a
/// master is lost or a shard's master changes; then a new one is opened.
final class RedisNotices: Sendable {
    private struct State {
        var servers: (any RedisServers)?
        var subscribers: [Int: AsyncStream<Invalidation>.Continuation] = [:]
        var nextSubscriber = 0
        /// The open channel.
        var channel: RedisChannel?
        var isFailing = false
        var isEnded = false
    }

    /// The number of unread invalidations after which a subscription ends.
    private static let backlog = 1_024

    private let connector: RedisConnector
    private let namespaces: [Namespace]
    private let logger: Logger
    private let state = AsyncMonitor(State())
    private let keeper = Keeper(from: .milliseconds(20), to: .seconds(1))

    init(_ connector: RedisConnector, of namespaces: [Namespace], logger: Logger) {
        self.connector = connector
        self.namespaces = namespaces
        self.logger = logger
    }

    func follow(_ servers: any RedisServers) {
        state.withLock { $0.servers = servers }
        keeper.start { [weak self] in await self?.turn() }
    }

    /// Makes a subscription, which begins with `everything` when the channel is open, and ends when the channel closes.
    func subscribe() -> AsyncStream<Invalidation> {
        let (stream, subscriber) = AsyncStream.makeStream(
            of: Invalidation.self,
            bufferingPolicy: .bufferingOldest(Self.backlog)
        )
        let number: Int? = state.withLock { state in
            guard !state.isEnded else { return nil }
            state.nextSubscriber += 1
            state.subscribers[state.nextSubscriber] = subscriber
            if state.channel != nil { subscriber.yield(.everything) }
            return state.nextSubscriber
        }
        guard let number else {
            subscriber.finish()
            return stream
        }
        subscriber.onTermination = { [weak self] _ in self?.leave(number) }
        return stream
    }

    /// Closes the channel if a shard has another master now, or none, or its slot is moving.
    ///
    /// A new connection to the same name may lead to another server.
    func check() {
        let (channel, servers) = state.withLock { ($0.channel, $0.servers) }
        guard let channel, let servers else { return }
        let masters = servers.masters(of: namespaces.map(\.slot))
        if masters != channel.masters { channel.close() }
    }

    /// Ends all subscriptions and the channel without waiting.
    func abandon() {
        let (channel, subscribers) = state.withLock { state in
            state.isEnded = true
            state.servers = nil
            defer { state.subscribers = [:] }
            return (state.channel, Array(state.subscribers.values))
        }
        keeper.abandon()
        channel?.close()
        for subscriber in subscribers { subscriber.finish() }
    }

    /// Ends all subscriptions and the channel, and waits for their end.
    func stop() async {
        abandon()
        await keeper.stop()
    }

    /// Waits for a subscriber, opens a channel, and follows it to its end.
    private func turn() async {
        do {
            try await state.value { $0.subscribers.isEmpty ? nil : () }
            guard let channel = try await open() else { return }
            await channel.waitUntilLost()
            drop(channel)
        } catch {
            note(error)
        }
    }

    private func open() async throws -> RedisChannel? {
        guard let servers = state.withLock(\.servers) else { return nil }
        let masters = servers.masters(of: namespaces.map(\.slot))
        guard namespaces.allSatisfy({ masters[$0.slot] != nil }) else { return nil }
        let channel = RedisChannel(to: masters, of: namespaces)
        try await channel.open(connector) { [weak self, weak channel] invalidation in
            guard let self, let channel else { return }
            report(invalidation, from: channel)
        }
        let (slow, wasFailing) = state.withLock { state in
            state.channel = channel
            defer { state.isFailing = false }
            return (yield(.everything, state), state.isFailing)
        }
        for subscriber in slow { subscriber.finish() }
        if wasFailing { logger.notice("the server sends invalidations again") }
        // The subscribers may have left, or a master may have changed, while the channel was being opened.
        if state.withLock({ $0.isEnded || $0.subscribers.isEmpty }) { channel.close() }
        check()
        return channel
    }

    private func note(_ error: any Error) {
        guard !(error is CancellationError) else { return }
        let isNews = state.withLock { state in
            defer { state.isFailing = true }
            return !state.isFailing
        }
        guard isNews else { return }
        logger.warning(
            "the server sends no invalidations, so the near tier is bypassed",
            metadata: ["error": "\(error)"]
        )
    }

    /// Sends an invalidation to every subscriber.
    ///
    /// A subscription with a full backlog ends; its owner begins a new one.
    private func report(_ invalidation: Invalidation, from channel: RedisChannel) {
        let slow = state.withLock { state in
            // Every subscription begins with `everything`, which covers what comes before the channel is open.
            state.channel === channel ? yield(invalidation, state) : []
        }
        for subscriber in slow { subscriber.finish() }
    }

    /// Sends an invalidation to every subscriber, and returns those whose backlog is full.
    private func yield(
        _ invalidation: Invalidation,
        _ state: State
    ) -> [AsyncStream<Invalidation>.Continuation] {
        state.subscribers.values.filter { subscriber in
            if case .dropped = subscriber.yield(invalidation) { true } else { false }
        }
    }

    private func drop(_ channel: RedisChannel) {
        let subscribers = state.withLock { state in
            guard state.channel === channel else { return [AsyncStream<Invalidation>.Continuation]() }
            state.channel = nil
            defer { state.subscribers = [:] }
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.finish() }
    }

    private func leave(_ number: Int) {
        let channel = state.withLock { state in
            state.subscribers[number] = nil
            return state.subscribers.isEmpty ? state.channel : nil
        }
        channel?.close()
    }
}
#endif
