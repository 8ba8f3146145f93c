import Foundation

/// The file of a Unix socket that a server listens on.
struct SocketFile {
    let path: String
    let mode: mode_t

    /// Makes the place free: removes the file of a server that has ended, and no other file.
    ///
    /// From then on this process makes files that only its own user can use, so that no other user can connect before
    /// ``open()`` gives the socket its mode.
    ///
    /// - Throws: `CommandFailure` if a server listens there, or something else is there.
    func prepare() throws(CommandFailure) {
        umask(0o177)
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw .unavailable("can't listen on unix:\(path): there is a file that is no socket")
        }
        guard !isAlive else {
            throw .unavailable("can't listen on unix:\(path): another server listens there")
        }
        unlink(path)
    }

    /// Gives the socket its mode.
    func open() {
        chmod(path, mode)
    }

    /// Removes the file, unless another server has put its own there.
    func remove() {
        if !isAlive { unlink(path) }
    }

    /// Whether a server accepts connections there.
    private var isAlive: Bool {
        let descriptor = socket(AF_UNIX, Self.stream, 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    #if canImport(Glibc)
    private static let stream = Int32(SOCK_STREAM.rawValue)
    #else
    private static let stream = SOCK_STREAM
    #endif
}
