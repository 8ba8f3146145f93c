import CCacheStoresSQLite
import Foundation
import Synchronization

/// Counts how often SQLite has a file of this process synced to the disk.
///
/// A VFS that passes everything on to the usual one. It serves every connection that is opened after ``install()``.
enum SyncCounter {
    private struct State {
        /// By the address of the open file.
        var paths: [UInt: String] = [:]
        var counts: [String: Int] = [:]
        /// For the address of each table of methods that of the one that counts.
        var tables: [UInt: UInt] = [:]
    }

    private static let state = Mutex(State())
    /// Set once, before any file is opened through this VFS; SQLite never frees it.
    private nonisolated(unsafe) static let usual = sqlite3_vfs_find(nil)
    /// All tables of the usual VFS sync alike; set under the lock before a file has such a table.
    private nonisolated(unsafe) static var sync:
        (@convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32) -> Int32)?

    private static let isInstalled: Bool = {
        guard let usual else { return false }
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: usual.pointee)
        vfs.pointee.zName = UnsafePointer(strdup("counting"))
        vfs.pointee.xOpen = { vfs, name, file, flags, outFlags in
            let code = SyncCounter.usual?.pointee.xOpen?(vfs, name, file, flags, outFlags) ?? SQLITE_ERROR
            if code == SQLITE_OK, let file, let name { SyncCounter.adopt(file, String(cString: name)) }
            return code
        }
        return sqlite3_vfs_register(vfs, 1) == SQLITE_OK
    }()

    /// Serves every connection that this process opens from now on.
    ///
    /// - Returns: whether SQLite agreed.
    static func install() -> Bool { isInstalled }

    /// How often a file was synced.
    static func count(of path: String) -> Int { state.withLock { $0.counts[path] ?? 0 } }

    private static func adopt(_ file: UnsafeMutablePointer<sqlite3_file>, _ path: String) {
        guard let methods = file.pointee.pMethods else { return }
        let (place, usual) = (UInt(bitPattern: file), UInt(bitPattern: methods))
        let table = state.withLock { state in
            state.paths[place] = path
            if state.tables[usual] == nil { state.tables[usual] = counting(usual) }
            return state.tables[usual] ?? usual
        }
        file.pointee.pMethods = UnsafePointer(bitPattern: table)
    }

    /// Makes a table of methods that counts, and passes everything on; returns its address.
    private static func counting(_ usual: UInt) -> UInt {
        guard let methods = UnsafePointer<sqlite3_io_methods>(bitPattern: usual) else { return usual }
        let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        table.initialize(to: methods.pointee)
        sync = methods.pointee.xSync
        table.pointee.xSync = { file, flags in
            SyncCounter.note(UInt(bitPattern: file))
            return SyncCounter.sync?(file, flags) ?? SQLITE_ERROR
        }
        return UInt(bitPattern: table)
    }

    private static func note(_ file: UInt) {
        state.withLock { state in
            if let path = state.paths[file] { state.counts[path, default: 0] += 1 }
        }
    }
}
