import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import Foundation
import StoreProcesses
import TokenVerificationTestSupport

/// A directory of a test's own, with the place of a store in it; it vanishes with the object.
final class TemporaryStore: Sendable {
    private let place: TemporaryDirectory

    init() throws {
        place = try TemporaryDirectory()
    }

    var directory: String { place.path }
    var path: String { "\(directory)/cache.db" }

    /// Opens the store in this process.
    func open(capacity: Int? = nil, clock: ManualClock? = nil) throws -> SQLiteStore {
        try SQLiteStore(
            path: path,
            capacity: capacity,
            clock: clock.map { WallClock($0) } ?? .system,
            deadline: .seconds(60)
        )
    }

    /// The names of the files in the directory.
    func files() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: directory))
    }

    /// When a file was written last, and its size.
    func trace(_ suffix: String) throws -> [String] {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
        let modified = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970
        return ["\(String(describing: modified))", "\(String(describing: attributes[.size]))"]
    }

    func status(_ suffix: String = "") throws -> stat {
        var status = stat()
        guard stat(path + suffix, &status) == 0 else { throw POSIXError(.ENOENT) }
        return status
    }

    /// Overwrites a part of the file, as a failing disk does.
    func damage(at offset: UInt64 = 0, count: Int = 16_384) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }))
        try file.close()
    }
}
