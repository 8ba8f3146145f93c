import CacheStores

/// The rules of the contract for writes.
struct WriteRules: Sendable {
    /// The outcome of a request.
    enum Outcome {
        /// It is done, and this is its result.
        case done(Int)
        /// It goes on in another transaction.
        case unfinished(WriteRequest)
    }

    let clock: WallClock
    let tuning: SQLiteTuning
    /// Whether this process stores nothing.
    let storesNothing: Bool

    /// Does what a request asks for, within a transaction.
    func perform(_ request: WriteRequest, on connection: WriteConnection) throws(SQLiteFailure) -> Outcome {
        let entries = connection.entries
        switch request {
        case .set(let entry, let key, let asked, let end):
            let now = clock.now
            guard end.map({ now < $0 }) ?? true,
                try !entries.isForbidden(key, asked: asked, at: now)
            else { return .done(0) }
            return .done(try set(entry, for: key, on: entries, at: now))
        case .remove(let key, let hold):
            return .done(try remove(key, holding: hold, on: entries) ? 1 : 0)
        case .removeAll(let hold):
            // A removal that is forgotten now must not be recorded: it would be in force again after a step back of the clock.
            if hold > .zero { entries.remember(removal(at: clock.now, holding: hold)) }
            guard let last = try entries.lastSequence() else { return .done(0) }
            return try perform(
                .removeRest(through: last, holding: hold, on: connection.number),
                on: connection
            )
        case .removeRest(let last, let hold, let number):
            // Another connection may lead to another file: there nothing is removed yet, and nothing remembered.
            guard number == connection.number else {
                return try perform(.removeAll(holding: hold), on: connection)
            }
            // Entries that are set meanwhile have later places. One that is overwritten meanwhile keeps its place and
            // is removed too: the write counts as earlier than the removal, which has not returned yet.
            let isDone = try entries.dropRows(through: last, limit: tuning.removalChunk)
            return isDone ? .done(0) : .unfinished(request)
        case .acquire(let key, let holder, let duration):
            let now = clock.now
            let end = now.end(of: duration)
            return .done(try connection.leases.acquire(key, as: holder, until: end, now: now) ? 1 : 0)
        case .release(let key, let holder):
            try connection.leases.release(key, as: holder)
            return .done(0)
        case .mark(let key, let moment, let end):
            try connection.marks.set(moment, for: key, until: end, now: clock.now)
            return .done(0)
        }
    }

    private func set(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        on entries: EntryTable,
        at now: Timestamp
    ) throws(SQLiteFailure) -> Int {
        let row = try entries.row(for: key)
        guard !storesNothing, entry.isLive(at: now) else {
            // An older entry must not outlive the one that was to replace it.
            if let row { try entries.delete(row.sequence) }
            return 0
        }
        if let row {
            guard row.expiry <= now else {
                try entries.replace(row.sequence, with: entry)
                return 0
            }
            try entries.delete(row.sequence)
        }
        let evicted = try makeRoom(on: entries, at: now)
        try entries.append(entry, for: key)
        return evicted
    }

    /// Makes room for one more row: expired ones go first, then those inserted first.
    private func makeRoom(on entries: EntryTable, at now: Timestamp) throws(SQLiteFailure) -> Int {
        let capacity = entries.capacity ?? ContractFigures.defaultCapacity
        // One more than needed, so that expired rows vanish faster than new ones come.
        let wanted = max(2, min(entries.excess(over: capacity), Int64(tuning.purge)))
        _ = try entries.dropExpired(at: now, limit: wanted)
        let excess = entries.excess(over: capacity)
        guard excess > 0, !entries.mayHoldExpired(at: now) else { return 0 }
        return Int(try entries.dropOldest(min(excess, Int64(tuning.evictions))))
    }

    private func remove(
        _ key: CacheKey,
        holding hold: Duration,
        on entries: EntryTable
    ) throws(SQLiteFailure) -> Bool {
        let now = clock.now
        let row = try entries.row(for: key)
        if let row { try entries.delete(row.sequence) }
        try entries.dropPassedRemovals(at: now)
        if hold > .zero { try entries.remember(removal(at: now, holding: hold), of: key) }
        return row.map { now < $0.expiry } ?? false
    }

    private func removal(at now: Timestamp, holding hold: Duration) -> RememberedRemoval {
        RememberedRemoval(moment: now, end: now.end(of: hold))
    }
}
