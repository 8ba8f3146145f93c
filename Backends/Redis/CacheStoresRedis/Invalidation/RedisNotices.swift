import CacheStores
import Logging
import Synchronization

/// Tells everybody in this process who wants to know what is changed in a store, by anybody.
///
/// There is one channel however many want to know, and none while nobody does. It stands as long as the masters of all
/// shards are listened to; when one of them is lost, or another takes its place, it falls, and a new one is set up.
final class RedisNotices: Sendable {
    private struct State {
        var servers: (any RedisServers)?
        var subscribers: [Int: AsyncStream<Invalidation>.Continuation] = [:]
        var nextSubscriber = 0
        /// The channel that stands.
        var channel: RedisChannel?
        var keeper: Task<Void, Never>?
        var isFailing = false
        var isEnded = false
    }

    /// How much may wait for one subscriber before it is cut off.
    private static let backlog = 1_024

    private let connector: RedisConnector
    private let namespaces: [Namespace]
    private let logger: Logger
    private let state = Mutex(State())

    init(_ connector: RedisConnector, of namespaces: [Namespace], logger: Logger) {
        self.connector = connector
        self.namespaces = namespaces
        self.logger = logger
    }

    func follow(_ servers: any RedisServers) {
        state.withLock { $0.servers = servers }
    }

    /// A subscription, which begins with `everything` when the channel stands and ends when it falls.
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
            if state.keeper == nil { state.keeper = keeper() }
            return state.nextSubscriber
        }
        guard let number else {
            subscriber.finish()
            return stream
        }
        subscriber.onTermination = { [weak self] _ in self?.leave(number) }
        return stream
    }

    /// Gives the channel up if a shard has another master now, or none, or is just moving to one.
    ///
    /// A connection that was lost and comes back may lead elsewhere, though the name be the same.
    func check() {
        let (channel, servers) = state.withLock { ($0.channel, $0.servers) }
        guard let channel, let servers else { return }
        let masters = servers.masters(of: namespaces.map(\.slot))
        if masters != channel.masters { channel.close() }
    }

    /// Ends everything without waiting.
    func abandon() {
        _ = end()
    }

    /// Ends everything, and returns when nothing is left.
    func stop() async {
        await end()?.value
    }

    private func end() -> Task<Void, Never>? {
        let (keeper, channel, subscribers) = state.withLock { state in
            state.isEnded = true
            state.servers = nil
            defer { state.subscribers = [:] }
            return (state.keeper, state.channel, Array(state.subscribers.values))
        }
        keeper?.cancel()
        channel?.close()
        for subscriber in subscribers { subscriber.finish() }
        return keeper
    }

    /// Keeps a channel for as long as anybody wants it.
    private func keeper() -> Task<Void, Never> {
        // Ended by its own return when nobody wants a channel any more, or by `end()`.
        Task.detached { [weak self] in
            var pause = Backoff(.milliseconds(20), upTo: .seconds(1))
            while self?.goesOn() == true {
                do {
                    if let channel = try await self?.open() {
                        await channel.fallen()
                        self?.fall(channel)
                        pause.reset(after: channel.age)
                    }
                } catch {
                    self?.note(error)
                }
                await pause.wait()
            }
        }
    }

    /// Whether there is anybody to keep a channel for; if not, its keeper has to end.
    private func goesOn() -> Bool {
        state.withLock { state in
            guard state.isEnded || state.subscribers.isEmpty else { return true }
            state.keeper = nil
            return false
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
        if wasFailing { logger.notice("the server tells of changes again") }
        // Nobody may want it any more, or a master may have changed while it was being set up.
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
            "the server does not tell of changes, so nothing is kept near",
            metadata: ["error": "\(error)"]
        )
    }

    /// Tells every subscriber, and cuts off those that are too slow; they begin anew.
    private func report(_ invalidation: Invalidation, from channel: RedisChannel) {
        let slow = state.withLock { state in
            // What comes before the channel stands is part of the `everything` that it begins with.
            state.channel === channel ? yield(invalidation, state) : []
        }
        for subscriber in slow { subscriber.finish() }
    }

    /// Tells every subscriber, and returns those that have too much to read already.
    private func yield(
        _ invalidation: Invalidation,
        _ state: borrowing State
    ) -> [AsyncStream<Invalidation>.Continuation] {
        state.subscribers.values.filter { subscriber in
            if case .dropped = subscriber.yield(invalidation) { true } else { false }
        }
    }

    private func fall(_ channel: RedisChannel) {
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
