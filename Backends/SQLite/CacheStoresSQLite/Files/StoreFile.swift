import CacheStores

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The place of a store's file, and the checks that it must pass.
struct StoreFile: Sendable {
    /// The database's absolute path; the directory's part of it has no symbolic links.
    let path: String

    private let directory: String

    /// Finds a file's place; the file need not exist yet.
    ///
    /// - Parameter path: taken literally: no character has a meaning but the slash.
    /// - Throws: `StoreError`.
    init(path: String) throws(StoreError) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        // By bytes: as characters, a slash and a combining accent behind it are one.
        let name = slash.map { String(Substring(path.utf8[$0...].dropFirst())) } ?? path
        guard !path.utf8.contains(0), !["", ".", "..", ":memory:"].contains(name) else {
            throw StoreError(
                code: .invalidConfiguration,
                message: "`path` must name a file and hold no NUL byte, not \(path.debugDescription)"
            )
        }
        let parent = slash.map { String(Substring(path.utf8[...$0])) } ?? "."
        guard let resolved = realpath(parent, nil) else {
            throw StoreError(systemError: errno, path: parent)
        }
        defer { free(resolved) }
        directory = String(cString: resolved)
        self.path = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
    }

    /// The file of the lock under which files are opened and replaced.
    var lockPath: String { "\(path).lock" }

    /// The names that SQLite gives to what belongs to the database.
    var companions: [String] { ["-wal", "-shm", "-journal"] }

    /// Which file the path names at the moment, if any.
    ///
    /// - Throws: `StoreError` if the path can't be looked up, or names no plain file.
    func status() throws(StoreError) -> FileStatus? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            let error = errno
            guard error == ENOENT else { throw StoreError(systemError: error, path: path) }
            return nil
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            return FileStatus(status)
        case S_IFLNK:
            let message = "\(path): `path` must not be a symbolic link; give the path of the file itself"
            throw StoreError(code: .accessDenied, message: message)
        default:
            throw StoreError(code: .invalidConfiguration, message: "\(path): `path` must name a regular file")
        }
    }

    /// Whether the path still names a file.
    func names(_ identity: FileIdentity) -> Bool {
        (try? status())?.identity == identity
    }

    /// Checks that the directory is not writable for all users.
    ///
    /// The sticky bit, as in `/tmp`, does not help: another user can still create a file before the store does.
    ///
    /// - Throws: `StoreError`.
    func checkDirectory() throws(StoreError) {
        var status = stat()
        guard stat(directory, &status) == 0 else { throw StoreError(systemError: errno, path: directory) }
        guard status.st_mode & S_IWOTH == 0 else {
            throw StoreError(
                code: .accessDenied,
                message:
                    "\(directory): the directory is writable for all users; give a sub-directory that only this "
                    + "program's user can write"
            )
        }
    }

    /// Removes the permissions of other users on the file, since entries may be readable.
    ///
    /// - Parameter mode: the file's permissions now.
    /// - Throws: `StoreError`.
    func makePrivate(_ mode: mode_t) throws(StoreError) {
        guard mode & 0o077 != 0 else { return }
        guard chmod(path, mode & 0o700) == 0 else { throw StoreError(systemError: errno, path: path) }
        for companion in companions { chmod(path + companion, mode & 0o700) }
    }
}
