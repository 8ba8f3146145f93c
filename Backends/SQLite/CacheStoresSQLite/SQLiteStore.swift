public import CacheStores
import CacheStoresWaiting
public import Logging
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A store of bytes in a file that several processes of one machine share.
///
/// A lookup is one prepared statement on the calling thread and takes microseconds. Writes go to a thread of the
/// store's own, which commits whatever has queued up as one transaction; a caller returns once its entry is committed.
/// If the last transaction had several callers, the next one waits for an instant until they have come back, a quarter
/// of a millisecond at most. What was confirmed survives the end of the process, and a confirmed removal a power
/// failure too. If the task that sets or removes an entry is cancelled, a `CancellationError` means that the write was
/// not done and will not be done. A write that has not begun when its deadline passes is not begun any more; one that
/// has begun may still be done.
///
/// A removal is remembered in the file, with its moment, and so for every process. Whether it or `before` forbids a write
/// is judged by the store's clock once the transaction has its lock. So a process that is stopped while it waits, and
/// goes on later, undoes no removal.
///
/// The file is a cache. One that is damaged is set aside as `….corrupt-1` (the three latest are kept) and begun anew:
/// it has no entries, no marks, and remembers no removal. If the file is replaced or deleted, every process notices
/// within a second. A write is confirmed only if the path still names the file that it went into; else it is done again
/// in the new one, within the deadline. The database of another application, or of a release with
/// other tables, is refused. Beside the file lie its write-ahead log (`-wal`, `-shm`) and a lock (`.lock`). Only this
/// program's user may read them, and the directory must not be writable for all users.
///
/// The log begins anew at 16 MiB. A process that is stopped (`SIGSTOP`) in the midst of its lookups keeps it from that, and
/// the log grows until the process goes on or ends.
///
/// ```swift
/// let store = try SQLiteStore(path: "/var/cache/gate/tokens.db", capacity: 100_000)
/// try await store.setEntry(CacheEntry(record, expiry: expiry), for: key)
/// let entry = try await store.entry(for: key)
/// await store.shutdown()
/// ```
public final class SQLiteStore: CacheStore {
    public typealias Value = [UInt8]

    let clock: WallClock
    let deadline: Duration
    private let storesNothing: Bool
    let pool: ReaderPool
    private let writer: Writer
    private let writing: Worker<WriteJob>
    private let patient: PatientReading
    private let reading: Worker<@Sendable () -> Void>
    private let logCopy: BackgroundReading
    let lockHolder: ReadLockHolder

    /// Opens a store, making its file if there is none.
    ///
    /// Blocks the calling thread while it opens the file, for the length of the deadline at most.
    ///
    /// - Parameters:
    ///   - path: the file's path. Every character stands for itself, and the directory must exist.
    ///   - capacity: how many live entries the store holds at most, for every process. `nil` adopts the recorded
    ///     figure, or 10 000 if there is none. With 0 this process stores nothing, and the record stays as it is: to
    ///     this process alone the capacity is 0.
    ///   - clock: what expiries are compared with.
    ///   - deadline: how long an operation may take; greater than zero.
    ///   - logger: where the store tells of a changed capacity or a damaged file.
    /// - Throws: `StoreError` of one of these codes; its message names the file or the argument.
    ///   - `invalidConfiguration`: `capacity` is negative, `deadline` is not greater than zero, or `path` names no
    ///     regular file.
    ///   - `accessDenied`: permissions forbid the access, the directory is writable for all users, or the path is a
    ///     symbolic link.
    ///   - `incompatible`: the file belongs to another application or to a release with other tables.
    ///   - `readOnly`, `full`: the file or its disk can't be written.
    ///   - `timedOut`: another process held the file's lock until the deadline.
    ///   - `corrupted`: the file is damaged, and so is the one that replaced it.
    ///   - `unavailable`: anything else, such as a directory that does not exist.
    public convenience init(
        path: String,
        capacity: Int? = nil,
        clock: WallClock = .system,
        deadline: Duration = .seconds(2),
        logger: Logger = Logger(label: "CacheStoresSQLite")
    ) throws(StoreError) {
        // Two more, since the log copy and the read lock holder take connections for a time.
        let tuning = SQLiteTuning(readers: max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))) + 2)
        try self.init(
            path: path,
            capacity: capacity,
            clock: clock,
            deadline: deadline,
            logger: logger,
            tuning: tuning
        )
    }

    package init(
        path: String,
        capacity: Int?,
        clock: WallClock = .system,
        deadline: Duration = .seconds(2),
        logger: Logger = Logger(label: "CacheStoresSQLite"),
        tuning: SQLiteTuning
    ) throws(StoreError) {
        guard capacity ?? 0 >= 0 else {
            let message = "`capacity` must be zero or greater, not \(capacity ?? 0)"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        guard deadline > .zero else {
            let message = "`deadline` must be greater than zero, not \(deadline)"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        self.clock = clock
        self.deadline = deadline
        let chosen = capacity == 0 ? nil : capacity
        let opener = Opener(
            file: try StoreFile(path: path),
            knownCapacity: KnownCapacity(chosen),
            maximumPageCount: tuning.maximumPageCount,
            logger: logger
        )
        let pool = ReaderPool(limit: tuning.readers)
        storesNothing = capacity == 0
        let rules = WriteRules(clock: clock, tuning: tuning, storesNothing: storesNothing)
        let writer = Writer(opener: opener, rules: rules, pool: pool, waitLimit: deadline)
        try writer.open(capacity: chosen, deadline: Deadline(after: deadline))
        self.pool = pool
        self.writer = writer
        patient = PatientReading(opener: opener, pool: pool)
        reading = try Worker()
        logCopy = try BackgroundReading(by: patient, waitLimit: deadline)
        lockHolder = ReadLockHolder(on: try BackgroundReading(by: patient, waitLimit: deadline))
        writer.logCopy = logCopy
        writer.lockHolder = lockHolder
        writing = try Worker(
            batch: tuning.batch,
            gatherLimit: tuning.gatherLimit,
            perform: writer.perform,
            finish: writer.close
        )
    }

    /// How many transactions were committed.
    package var transactions: Int { writer.transactions.load(ordering: .relaxed) }

    /// Whether the read lock is held because the rate of lookups is high.
    package var holdsReadLock: Bool { lockHolder.isHolding }

    /// How many writes are not done yet.
    package var backlog: Int { writing.backlog }

    @discardableResult
    public func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        guard entry.value.count <= Self.maximumValueSize else {
            throw StoreError.valueTooLarge(entry.value.count)
        }
        return try await write(.set(entry, key, asked: asked, before: end))
    }

    public var now: Timestamp? { clock.now }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await write(.remove(key, holding: hold)) > 0
    }

    /// Removes every entry, and remembers the removal for a while.
    ///
    /// If the deadline passes or the task is cancelled once it has begun, it goes on in the background.
    public func removeAll(holding hold: Duration) async throws {
        _ = try await write(.removeAll(holding: hold))
    }

    public func count() async throws -> Int {
        try await ask { [clock] (reader) throws(SQLiteFailure) in try reader.count(at: clock.now) }
    }

    public func capacity() async throws -> Int {
        let recorded = try await ask { (reader) throws(SQLiteFailure) in try reader.capacity() }
        return storesNothing ? 0 : recorded ?? Self.defaultCapacity
    }

    public func shutdown() async {
        await reading.shutdown()
        await logCopy.shutdown()
        await lockHolder.shutdown()
        await pool.close()
        await writing.shutdown()
    }

    func write(_ request: WriteRequest) async throws -> Int {
        try Task.checkCancellation()
        let result = PendingResult<Int, any Error>()
        let end = Deadline(after: deadline)
        try writing.enqueue(WriteJob(request: request, result: result, deadline: end))
        return try await result.value(by: end, orThrow: StoreError.deadlinePassed)
    }

    /// Asks a reader on a thread that may wait, for as long as the limit and the store's own deadline allow.
    func ask<Answer: Sendable>(
        within limit: Duration? = nil,
        _ question: @escaping @Sendable (Reader) throws(SQLiteFailure) -> Answer
    ) async throws -> Answer {
        try Task.checkCancellation()
        let result = PendingResult<Answer, any Error>()
        let end = Deadline(after: min(limit ?? deadline, deadline))
        try reading.enqueue { [patient] in
            guard !result.isSettled else { return }
            result.settle(Result { try patient.answer(by: end, question) })
        }
        return try await result.value(by: end, orThrow: StoreError.deadlinePassed)
    }
}
