#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the file system knows of a plain file.
struct FileStatus {
    let identity: FileIdentity
    /// The permissions.
    let mode: mode_t
    /// Whether there is nothing in the file that could be lost.
    let isEmpty: Bool

    init(_ status: stat) {
        identity = FileIdentity(
            device: UInt64(truncatingIfNeeded: status.st_dev),
            number: UInt64(truncatingIfNeeded: status.st_ino)
        )
        mode = status.st_mode
        // SQLite takes a file of one byte for an empty one too, since on some file systems it makes such files.
        isEmpty = status.st_size <= 1
    }
}
