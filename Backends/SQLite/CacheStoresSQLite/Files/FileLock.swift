import CacheStores
import CacheStoresWaiting

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A lock among processes, and among the threads of each, held as long as the object lives.
///
/// It is a file of its own: closing any descriptor of the database file would drop the locks that SQLite has on
/// it in this process.
final class FileLock {
    enum Mode {
        /// For opening connections.
        case shared
        /// For putting another file in the database's place.
        case exclusive
    }

    private let descriptor: Int32

    /// Takes the lock, creating its file if need be.
    ///
    /// - Parameters:
    ///   - path: the lock's file.
    ///   - mode: whether other holders may share the lock.
    ///   - deadline: until when to wait.
    /// - Throws: `StoreError`.
    init(path: String, mode: Mode, deadline: Deadline) throws(StoreError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError(systemError: errno, path: path) }
        let operation = (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
        let wait = LockWait(deadline: deadline)
        var attempt = 0
        while flock(descriptor, operation) != 0 {
            let error = errno
            guard error == EWOULDBLOCK || error == EINTR else {
                close(descriptor)
                throw StoreError(systemError: error, path: path)
            }
            guard wait.sleep(attempt: attempt) else {
                close(descriptor)
                throw StoreError(
                    code: .timedOut,
                    message: "\(path): the lock was not free before the deadline"
                )
            }
            attempt += 1
        }
    }

    deinit {
        close(descriptor)
    }
}
