import CacheStores
import CacheStoresWaiting

/// The leases by which all processes of a fleet do a piece of work once, such as asking a question.
struct FleetLeases: Sendable {
    /// A process's part in the work.
    enum Part<Found: Sendable> {
        /// It holds the lease and does the work; the others wait for its result.
        case leader(LeaseHolder)
        /// It does the work without a lease.
        case alone
        /// Another process did the work, and this is the result.
        case follower(Found)
    }

    private let store: any LeasingStore
    private let access: StoreAccess
    private let leaseTime: Duration

    /// - Parameters:
    ///   - store: keeps the leases.
    ///   - access: guards the calls to it.
    ///   - leaseTime: how long a lease lasts.
    init(in store: any LeasingStore, _ access: StoreAccess, leaseTime: Duration) {
        self.store = store
        self.access = access
        self.leaseTime = leaseTime
    }

    /// The leases of a cache's store on questions; `nil` if each process asks for itself.
    ///
    /// - Throws: ``ConfigurationError`` if the store has no leases.
    init?(
        of store: any AnswerStore,
        _ access: StoreAccess,
        _ options: TokenCacheOptions
    ) throws(ConfigurationError) {
        guard options.fleet.isOn else { return nil }
        guard let leasing = store.store.ability((any LeasingStore).self) else {
            throw ConfigurationError("fleet.isOn needs a store with leases (LeasingStore)")
        }
        self.init(in: leasing, access, leaseTime: options.fleet.leaseTime)
    }

    /// Takes the lease on a piece of work, or waits for the result of the process that holds it.
    ///
    /// The wait is as long as one lease at the most, even if several processes take the lease in turn without a result. If
    /// leases fail, there is no wait.
    ///
    /// - Parameters:
    ///   - key: the key of the work.
    ///   - question: the question that it is about, which bounds the calls to the store.
    ///   - limit: how long to wait.
    ///   - look: looks for the result.
    /// - Returns: this process's part.
    func part<Found: Sendable>(
        in key: CacheKey,
        for question: Question? = nil,
        waiting limit: Duration,
        looking look: () async -> Found?
    ) async -> Part<Found> {
        let holder = LeaseHolder()
        let end = ContinuousClock.now.advanced(by: min(leaseTime, limit))
        var backOff = Backoff(from: .milliseconds(5), to: .milliseconds(100))
        while !Task.isCancelled {
            guard let isMine = await acquire(key, as: holder, for: question) else { return .alone }
            if !isMine {
                guard ContinuousClock.now < end else { return .alone }
                await backOff.wait()
            }
            // Also with the lease: the last holder may have left its result since this process looked.
            if let found = await look() {
                if isMine { await release(key, as: holder, for: question) }
                return .follower(found)
            }
            if isMine { return .leader(holder) }
        }
        return .alone
    }

    /// Releases the lease, so that the next process may begin; also in a cancelled task, such as that of a flight at a
    /// shutdown.
    func release(_ key: CacheKey, as holder: LeaseHolder, for question: Question? = nil) async {
        // Ended by its own return, at the store's deadline at the latest.
        await Task.detached { [store, access] in
            await access.attempt(access.writes, for: question) {
                try await store.releaseLease(for: key, as: holder)
            }
        }.value
    }

    /// Whether the lease was free; `nil` if the store failed or its breaker is open.
    func acquire(_ key: CacheKey, as holder: LeaseHolder, for question: Question? = nil) async -> Bool? {
        let isMine = await access.attempt(access.writes, for: question) { [store, leaseTime] in
            try await store.acquireLease(for: key, as: holder, lasting: leaseTime)
        }
        // At a shutdown the store may give the lease though the call was cut short.
        if isMine == nil, Task.isCancelled { await release(key, as: holder, for: question) }
        return isMine
    }
}
