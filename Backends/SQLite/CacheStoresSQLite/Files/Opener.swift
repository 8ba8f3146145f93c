import CCacheStoresSQLite
import CacheStores
import CacheStoresWaiting
import Logging

/// Opens connections to a store's file, and begins the file anew where it is missing or damaged.
///
/// Connections are opened under a shared lock and files replaced under an exclusive one, so that no connection
/// ever joins one file with the write-ahead log of another.
struct Opener: Sendable {
    let file: StoreFile
    /// Gives the capacity to record if the file has to be made.
    let knownCapacity: KnownCapacity
    /// How large the file may grow, in pages of 4 KiB; `nil` for no limit.
    let maximumPageCount: Int?
    let logger: Logger

    /// What a connection is for.
    enum Role {
        case reading
        case writing
    }

    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - role: what the connection is for.
    ///   - deadline: until when to wait for locks.
    /// - Returns: the connection and the file that it leads to.
    /// - Throws: `StoreError`.
    func connect(
        for role: Role,
        deadline: Deadline
    ) throws(StoreError) -> (connection: Connection, identity: FileIdentity) {
        try file.checkDirectory()
        while true {
            do {
                if let found = try connectOnce(for: role, deadline: deadline) { return found }
                try renew(replacing: nil, deadline: deadline)
            } catch let damage as Damage {
                try renew(replacing: damage.identity, deadline: deadline)
            } catch let failure as SQLiteFailure {
                throw StoreError(failure, path: file.path)
            } catch let error as StoreError {
                throw error
            } catch {
                throw StoreError(
                    code: .unavailable,
                    message: "\(file.path): the file could not be opened",
                    cause: error
                )
            }
            guard !deadline.hasPassed else {
                let message = "\(file.path): the file could not be opened before the deadline"
                throw StoreError(code: .timedOut, message: message)
            }
        }
    }

    /// Does something, and once more if the file was damaged and has been replaced.
    func mendingOnce<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        do {
            return try body()
        } catch {
            guard error.code == .corrupted else { throw error }
            return try body()
        }
    }

    private struct Damage: Error {
        let identity: FileIdentity
        /// Keeps the file open, so that its identity stays its own.
        let connection: Connection
    }

    /// Opens a connection, unless there is nothing to open or the path changed its meaning meanwhile.
    private func connectOnce(
        for role: Role,
        deadline: Deadline
    ) throws -> (connection: Connection, identity: FileIdentity)? {
        let lock = try FileLock(path: file.lockPath, mode: .shared, deadline: deadline)
        defer { withExtendedLifetime(lock) {} }
        guard let status = try file.status(), !status.isEmpty else { return nil }
        let connection = try Connection(path: file.path, deadline: deadline)
        connection.keepWriteAheadLog()
        do {
            try Schema.check(connection, path: file.path)
            try file.makePrivate(status.mode)
            try prepare(connection, for: role)
        } catch let failure as SQLiteFailure {
            guard StoreError(failure, path: file.path).code == .corrupted else { throw failure }
            throw Damage(identity: status.identity, connection: connection)
        }
        return file.names(status.identity) ? (connection, status.identity) : nil
    }

    private func prepare(_ connection: Connection, for role: Role) throws {
        // No memory mapping: if a mapped file is truncated, a read of it ends this process.
        try connection.execute("PRAGMA mmap_size = 0; PRAGMA cache_size = -8000; PRAGMA trusted_schema = OFF")
        switch role {
        case .reading:
            connection.leaveCheckpointToOthers()
            try connection.execute("PRAGMA query_only = ON")
        case .writing:
            guard !connection.isReadOnly else {
                throw StoreError(code: .readOnly, message: "\(file.path): the file can't be written")
            }
            try connection.execute(
                "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216; PRAGMA secure_delete = FAST"
            )
            if let limit = maximumPageCount {
                try connection.execute("PRAGMA max_page_count = \(limit)")
            }
        }
    }
}
