import CCacheStoresSQLite
import CacheStores

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension StoreError {
    /// Translates a failure of SQLite.
    ///
    /// - Parameters:
    ///   - failure: what SQLite returned.
    ///   - path: the database file.
    init(_ failure: SQLiteFailure, path: String) {
        let (code, text) = Self.meaning(of: failure)
        self.init(code: code, message: "\(path): \(text)", cause: failure)
    }

    /// Translates an error of the operating system.
    ///
    /// - Parameters:
    ///   - systemError: the value of `errno`.
    ///   - path: the file, or what else the call was about.
    init(systemError: Int32, path: String) {
        let text = strerror(systemError).map { String(cString: $0) } ?? "system error \(systemError)"
        self.init(code: Self.code(forSystemError: systemError) ?? .unavailable, message: "\(path): \(text)")
    }

    /// The operation did not end in time.
    static var deadlinePassed: StoreError {
        StoreError(code: .timedOut, message: "the operation did not end before the store's deadline")
    }

    /// The store's threads take no more jobs.
    static var closed: StoreError { StoreError(code: .shutDown, message: "the store was shut down") }

    private static func meaning(of failure: SQLiteFailure) -> (Code, String) {
        switch failure.code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
            return (.timedOut, "the database stayed locked until the deadline")
        case SQLITE_INTERRUPT:
            return (.timedOut, "the statement ran until the deadline")
        case SQLITE_FULL:
            return (.full, "the disk or the database is full")
        case SQLITE_READONLY:
            return (.readOnly, "the database can't be written")
        case SQLITE_PERM, SQLITE_AUTH:
            return (.accessDenied, "access denied")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return (.corrupted, "the database is damaged")
        case SQLITE_ERROR:
            // Every statement is a constant, so the tables must be wrong.
            return (.incompatible, "the database's tables are not those of a store")
        case SQLITE_TOOBIG:
            return (.valueTooLarge, "the value is too large")
        case SQLITE_IOERR, SQLITE_CANTOPEN:
            let code = code(forSystemError: failure.systemError) ?? .unavailable
            return (code, code == .full ? "the disk is full" : "the database can't be read or written")
        default:
            return (.unavailable, "the database failed")
        }
    }

    private static func code(forSystemError error: Int32) -> Code? {
        switch error {
        case ENOSPC, EDQUOT, EFBIG: .full
        case EROFS: .readOnly
        case EACCES, EPERM, ELOOP: .accessDenied
        default: nil
        }
    }
}
