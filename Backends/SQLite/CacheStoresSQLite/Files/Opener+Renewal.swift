import CacheStores
import CacheStoresWaiting
import Logging

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Opener {
    /// How many damaged files are kept for diagnosis.
    private static var keptCopies: Int { 3 }

    /// Puts a new, empty store in the place of a damaged, empty or missing file.
    ///
    /// Does nothing if the path already names another file than the damaged one. The new file is made under another
    /// name and then renamed, so the path never names half a store.
    ///
    /// - Parameters:
    ///   - damaged: the file to set aside; without one, only a missing or empty file is replaced.
    ///   - deadline: until when to wait for the lock.
    /// - Throws: `StoreError`.
    func renew(replacing damaged: FileIdentity?, deadline: Deadline) throws(StoreError) {
        try file.checkDirectory()
        var copy: String?
        var lock: FileLock? = try FileLock(path: file.lockPath, mode: .exclusive, deadline: deadline)
        defer {
            withExtendedLifetime(lock) {}
            // Unlock first: a slow log handler must not delay other processes.
            lock = nil
            if let copy {
                logger.error(
                    "a damaged store file was renamed; an empty one replaces it",
                    metadata: ["path": "\(file.path)", "copy": "\(copy)"]
                )
            }
        }
        if let status = try file.status(), !status.isEmpty {
            guard status.identity == damaged else { return }
            copy = try setAside()
        }
        // SQLite would take the companions of the old file for those of the new one. After a crash between these
        // steps there is no file, so the next opening repeats them.
        for companion in file.companions { unlink(file.path + companion) }
        try make(by: deadline)
    }

    /// Gives the damaged file another name, which it returns, and the copies before it the next number.
    private func setAside() throws(StoreError) -> String {
        let copies = (0...Self.keptCopies).map { $0 == 0 ? file.path : "\(file.path).corrupt-\($0)" }
        for (source, target) in zip(copies, copies.dropFirst()).reversed() {
            for companion in file.companions { unlink(target + companion) }
            guard rename(source, target) == 0 else {
                guard source != file.path else { throw StoreError(systemError: errno, path: source) }
                continue
            }
            for companion in file.companions { rename(source + companion, target + companion) }
        }
        return copies[1]
    }

    private func make(by deadline: Deadline) throws(StoreError) {
        let draft = "\(file.path).new"
        removeAll(of: draft)
        let descriptor = open(draft, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError(systemError: errno, path: draft) }
        close(descriptor)
        do {
            let connection = try Connection(path: draft, deadline: deadline)
            try Schema.create(on: connection, capacity: knownCapacity.recorded)
        } catch {
            removeAll(of: draft)
            throw StoreError(error, path: draft)
        }
        guard rename(draft, file.path) == 0 else { throw StoreError(systemError: errno, path: draft) }
    }

    private func removeAll(of path: String) {
        for suffix in [""] + file.companions { unlink(path + suffix) }
    }
}
