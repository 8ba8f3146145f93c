/// The device and the number of a file, which don't depend on its path.
///
/// Only valid while a descriptor of the file is open: after that the file system may give the number to another
/// file.
struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let number: UInt64
}
