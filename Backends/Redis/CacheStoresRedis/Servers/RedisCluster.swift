#if Redis
import CacheStores
import CacheStoresWaiting
import Logging
import Synchronization

/// The nodes of a cluster that serve a store's slots.
///
/// It keeps a connection to the master of each slot. It asks any node for the masters every few seconds, and at once
/// when a command is redirected or a connection fails.
final class RedisCluster: RedisServers {
    private struct State {
        var masters: [RedisSlot: RedisEndpoint] = [:]
        var nodes: [RedisEndpoint: RedisNode] = [:]
        /// Nodes that are importing one of the slots, and those slots.
        var importers: Set<RedisEndpoint> = []
        var moving: Set<RedisSlot> = []
        /// The nodes that can be asked for the slots' masters.
        var known: Set<RedisEndpoint>
        var failure: StoreError?
        var isShutDown = false
    }

    private static let mostRedirections = 16

    private let slots: [RedisSlot]
    private let connector: RedisConnector
    private let logger: Logger
    private let seeds: [RedisEndpoint]
    private let check: @Sendable (RedisConnection, [RedisSlot]) async throws -> Bool
    private let changed: @Sendable () -> Void
    private let state: Mutex<State>
    private let gate = ReadyGate()
    private let noting = Mutex(())
    private let surveyor = Surveyor()

    /// - Parameters:
    ///   - seeds: some of the cluster's nodes.
    ///   - slots: the slots of interest.
    ///   - connector: opens connections.
    ///   - logger: reports lost and new connections.
    ///   - check: prepares a connection to the master of some of the slots, and checks it every minute.
    ///   - changed: is called whenever a master has changed, or the connection to it.
    init(
        _ seeds: [RedisEndpoint],
        _ slots: [RedisSlot],
        _ connector: RedisConnector,
        logger: Logger,
        check: @escaping @Sendable (RedisConnection, [RedisSlot]) async throws -> Bool,
        changed: @escaping @Sendable () -> Void
    ) {
        self.seeds = seeds
        self.slots = Array(Set(slots))
        self.connector = connector
        self.logger = logger
        self.check = check
        self.changed = changed
        state = Mutex(State(known: Set(seeds)))
    }

    func start() {
        surveyor.start { [weak self] in await self?.survey() ?? false }
    }

    func reply(
        to command: RedisCommand,
        in slot: RedisSlot,
        by deadline: Deadline?
    ) async throws -> (reply: RedisReply, connection: RedisConnection) {
        let deadline = deadline ?? Deadline(after: connector.waitLimit)
        var pause = Backoff(from: .milliseconds(10), to: .milliseconds(100))
        var redirections = 0
        var importer: RedisNode?
        while true {
            let node = try importer ?? master(of: slot)
            let connection: RedisConnection
            do {
                connection = try node.connection()
            } catch {
                // A node that was only just discovered gets time to connect; a node that is down fails at once.
                guard node.isNew, !deadline.hasPassed else { throw error }
                await pause.wait()
                try Task.checkCancellation()
                continue
            }
            let reply = try await self.reply(to: command, on: connection, by: deadline, importer != nil)
            importer = nil
            redirections += 1
            guard case .error(let complaint) = reply,
                let redirection = RedisRedirection(complaint, from: connection.endpoint)
            else { return (reply, connection) }
            switch redirection {
            case .clusterDown:
                surveyor.hurry()
                return (reply, connection)
            case .tryAgain:
                guard !deadline.hasPassed else { return (reply, connection) }
                redirections -= 1
                await pause.wait()
                try Task.checkCancellation()
            case .moved(let endpoint):
                try checkRedirections(redirections, by: deadline, from: connection)
                learn(endpoint, of: slot)
                // One redirection is usual after a failover. Nodes that disagree need a moment to agree.
                if redirections > 1 { await pause.wait() }
            case .ask(let endpoint):
                try checkRedirections(redirections, by: deadline, from: connection)
                importer = guest(at: endpoint, receiving: slot)
            }
        }
    }

    private func checkRedirections(
        _ count: Int,
        by deadline: Deadline,
        from connection: RedisConnection
    ) throws(StoreError) {
        let isEndless = count >= Self.mostRedirections
        guard isEndless || deadline.hasPassed else { return }
        throw StoreError(
            code: isEndless ? .unavailable : .timedOut,
            message: "\(connection.endpoint): the cluster's nodes redirect a slot to each other"
        )
    }

    func masters(of slots: [RedisSlot]) -> [RedisSlot: RedisEndpoint] {
        let (masters, nodes, moving) = state.withLock { ($0.masters, $0.nodes, $0.moving) }
        return masters.filter { !moving.contains($0.key) && (try? nodes[$0.value]?.connection()) != nil }
    }

    func waitUntilConnected() async throws {
        try await gate.waitUntilOpen()
    }

    func stop() async {
        let nodes = end()
        await surveyor.stop()
        for node in nodes { await node.stop() }
    }

    func abandon() {
        _ = end()
        surveyor.abandon()
    }

    private func end() -> [RedisNode] {
        let nodes = state.withLock { state in
            state.isShutDown = true
            return Array(state.nodes.values)
        }
        gate.end(.storeIsShutDown)
        for node in nodes { node.abandon() }
        return nodes
    }

    private func reply(
        to command: RedisCommand,
        on connection: RedisConnection,
        by deadline: Deadline,
        _ asksForImport: Bool
    ) async throws -> RedisReply {
        do {
            return try await connection.reply(to: command, by: deadline, asksForImport: asksForImport)
        } catch {
            if error is StoreError { surveyor.hurry() }
            throw error
        }
    }

    private func master(of slot: RedisSlot) throws(StoreError) -> RedisNode {
        let (node, isShutDown, failure) = state.withLock { state in
            (state.masters[slot].flatMap { state.nodes[$0] }, state.isShutDown, state.failure)
        }
        guard !isShutDown else { throw .storeIsShutDown }
        guard let node else {
            if let failure, failure.code != .timedOut { throw failure }
            let message = "there is no connection to \(connector.address)"
            throw StoreError(code: .unavailable, message: message, cause: failure)
        }
        return node
    }

    private func learn(_ master: RedisEndpoint, of slot: RedisSlot) {
        change { state in state.masters[slot] = master }
        surveyor.hurry()
    }

    private func guest(at endpoint: RedisEndpoint, receiving slot: RedisSlot) -> RedisNode? {
        change { state in
            state.importers.insert(endpoint)
            state.moving.insert(slot)
        }
        return state.withLock { $0.nodes[endpoint] }
    }

    /// Asks one node for the slots' masters; returns whether there is a connection to each master.
    private func survey() async -> Bool {
        do {
            let map = try await map()
            var leavers: [RedisNode] = []
            change { state in
                state.masters.merge(map.masters) { _, new in new }
                state.known = map.nodes.union(seeds).union(state.masters.values)
                state.failure = nil
                let wanted = state.importers.union(state.masters.values)
                (state.importers, state.moving) = ([], [])
                leavers = state.nodes.filter { !wanted.contains($0.key) }.map(\.value)
                state.nodes = state.nodes.filter { wanted.contains($0.key) }
            }
            for node in leavers { node.abandon() }
        } catch {
            state.withLock { $0.failure = error as? StoreError ?? $0.failure }
        }
        return isWhole
    }

    private func map() async throws -> ClusterMap {
        let (known, nodes) = state.withLock { (Array($0.known), $0.nodes) }
        var failure = StoreError(
            code: .unavailable,
            message: "no node of \(connector.address) can be reached"
        )
        // Nodes with a connection come first: a node that is down costs seconds.
        let connected = known.filter { (try? nodes[$0]?.connection()) != nil }
        for endpoint in connected.shuffled() + known.filter({ !connected.contains($0) }).shuffled() {
            try Task.checkCancellation()
            do {
                if let connection = try? nodes[endpoint]?.connection() {
                    return try await map(by: connection)
                }
                let connection = try await connector.connect(to: endpoint)
                defer { connection.close() }
                return try await map(by: connection)
            } catch let error as StoreError {
                failure = error
            }
        }
        throw failure
    }

    private func map(by connection: RedisConnection) async throws -> ClusterMap {
        let reply = try await connection.answer(to: RedisCommand("CLUSTER", "SLOTS"), as: "CLUSTER SLOTS")
        guard let map = ClusterMap(reply, of: slots, seenFrom: connection.endpoint) else {
            throw StoreError.unexpectedReply(from: connection.endpoint)
        }
        guard !map.masters.isEmpty else {
            // The node may have left the cluster, while others are still in it.
            let message = "\(connection.endpoint) knows no master for the store's slots"
            throw StoreError(code: .unavailable, message: message)
        }
        return map
    }

    /// Changes the slots' masters, and connects to new ones.
    private func change(_ body: (inout State) -> Void) {
        let newcomers = state.withLock { state in
            body(&state)
            guard !state.isShutDown else { return [RedisNode]() }
            let wanted = state.importers.union(state.masters.values)
            let newcomers = wanted.filter { state.nodes[$0] == nil }.map { ($0, node(at: $0)) }
            for (endpoint, node) in newcomers { state.nodes[endpoint] = node }
            return newcomers.map(\.1)
        }
        for node in newcomers { node.start() }
        note()
    }

    private func node(at endpoint: RedisEndpoint) -> RedisNode {
        RedisNode(
            endpoint.description,
            connector,
            logger: logger,
            locate: { endpoint },
            check: { [weak self] connection in
                guard let self else { return true }
                let masters = state.withLock(\.masters)
                return try await check(connection, slots.filter { masters[$0] == endpoint })
            },
            changed: { [weak self] in
                guard let self else { return }
                note()
                if !isWhole { surveyor.hurry() }
            }
        )
    }

    private var isWhole: Bool { masters(of: slots).count == slots.count }

    private func note() {
        // One at a time, so that the last state wins.
        noting.withLock { _ in gate.set(isOpen: isWhole) }
        changed()
    }
}
#endif
