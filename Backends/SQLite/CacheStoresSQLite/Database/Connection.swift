import CCacheStoresSQLite
import CacheStores
import CacheStoresWaiting

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A connection to a database file: the owner of its handle.
///
/// SQLite's own locks around a connection are switched off. `@unchecked Sendable` because a connection has one user
/// at a time: a thread of the store, or a lookup that took it out of the pool, whose lock guards the handover.
final class Connection: @unchecked Sendable {
    private let handle: OpaquePointer
    /// Lies outside of this object because SQLite keeps its address; freed after the handle was closed.
    private let notes: UnsafeMutablePointer<Notes>

    /// A statement checks its deadline after so many steps; a lookup by key takes far fewer.
    private static let stepsBetweenLooks: Int32 = 4096

    /// The state that SQLite's callbacks read and write during a call on this connection.
    private struct Notes {
        var lockWait: LockWait
        /// How many pages the write-ahead log had after the last commit.
        var logPages: Int32 = 0
    }

    /// Opens an existing file.
    ///
    /// - Parameters:
    ///   - path: an absolute path. Since it begins with a slash it is never taken for a URI.
    ///   - deadline: until when to wait for locks and to work.
    /// - Throws: what SQLite answered.
    init(path: String, deadline: Deadline?) throws(SQLiteFailure) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let failure = Self.failure(of: opened, code: code)
            sqlite3_close_v2(opened)
            throw failure
        }
        handle = opened
        notes = .allocate(capacity: 1)
        notes.initialize(to: Notes(lockWait: LockWait(deadline: deadline)))
        sqlite3_busy_handler(
            handle,
            { context, attempts in
                let notes = context?.assumingMemoryBound(to: Notes.self)
                return notes?.pointee.lockWait.sleep(attempt: Int(attempts)) == true ? 1 : 0
            },
            notes
        )
        // A statement on a damaged file may run for ever; the deadline ends it.
        sqlite3_progress_handler(
            handle,
            Self.stepsBetweenLooks,
            { context in
                let notes = context?.assumingMemoryBound(to: Notes.self)
                return notes?.pointee.lockWait.isOver == false ? 0 : 1
            },
            notes
        )
        // It also replaces SQLite's own hook, which copies the log into the file during a commit.
        _ = sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                context?.assumingMemoryBound(to: Notes.self).pointee.logPages = pages
                return SQLITE_OK
            },
            notes
        )
    }

    deinit {
        sqlite3_close_v2(handle)
        notes.deallocate()
    }

    /// Until when to wait for locks and to work; `nil` not to wait, nor to work for long.
    var deadline: Deadline? {
        get { notes.pointee.lockWait.deadline }
        set { notes.pointee.lockWait.deadline = newValue }
    }

    /// Whether a transaction is open.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Whether the file could only be opened for reading.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") != 0 }

    /// How many rows the statement that ran last changed.
    var changes: Int64 { sqlite3_changes64(handle) }

    func prepare(_ text: String) throws(SQLiteFailure) -> Statement {
        try Statement(text, on: handle)
    }

    /// Runs statements that have no arguments.
    func execute(_ text: String) throws(SQLiteFailure) {
        let code = sqlite3_exec(handle, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw Self.failure(of: handle, code: code) }
    }

    /// Runs a statement that has no arguments and gives its first row's first number.
    func integer(_ text: String) throws(SQLiteFailure) -> Int64? {
        try prepare(text).first { $0.integer(at: 0) }
    }

    /// Leaves the write-ahead log in place on closing.
    ///
    /// SQLite removes it by its name, and by then the name may belong to a file that replaced this one.
    func keepWriteAheadLog() {
        var on: Int32 = 1
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &on)
    }

    /// How many pages the write-ahead log had after the last commit.
    var logPages: Int { Int(notes.pointee.logPages) }

    /// Copies the write-ahead log into the file, and begins the log anew as soon as no reader needs it.
    ///
    /// Waits for readers until the deadline: otherwise the log of a file that is always being read grows for ever.
    /// Ignores failures, since the next commit meets and reports them.
    func checkpoint() {
        sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_RESTART, nil, nil)
    }

    /// Copies as much of the write-ahead log into the file as is possible without waiting for another connection.
    func copyLog() {
        sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        // After a partial copy SQLite leaves the syncing of the file to the next checkpoint.
        var file: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        _ = file?.pointee.pMethods?.pointee.xSync(file, SQLITE_SYNC_NORMAL)
    }

    /// Closing this connection does not copy the write-ahead log into the file; other connections do that.
    func leaveCheckpointToOthers() {
        _ = cache_stores_set_flag(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    }

    /// The failure of the call that has just returned a code.
    static func failure(of handle: OpaquePointer?, code: Int32) -> SQLiteFailure {
        // SQLite notes the system's error when it opens a file, but not when a statement fails.
        let systemError = errno
        let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
        let isAboutFiles = [SQLITE_IOERR, SQLITE_CANTOPEN].contains(code & 0xff)
        let sameKind = extended & 0xff == code & 0xff
        return SQLiteFailure(
            code: sameKind ? extended : code,
            systemError: isAboutFiles ? systemError : 0,
            text: sqlite3_errstr(code).map { String(cString: $0) } ?? "unknown error"
        )
    }
}
