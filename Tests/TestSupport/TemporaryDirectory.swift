public import Foundation

/// A directory that only this user can read; it vanishes with the object.
public final class TemporaryDirectory: Sendable {
    /// Its path, which is so short that the path of a socket in it fits into an address.
    public let path: String

    public init() throws {
        path = "/tmp/tokens-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in it.
    public func path(of name: String) -> String { "\(path)/\(name)" }

    /// The text of a file in it; empty if there is none.
    public func text(of name: String) -> String {
        (try? String(contentsOfFile: path(of: name), encoding: .utf8)) ?? ""
    }

    /// Writes a file in one step, and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(of: name)), options: .atomic)
        return path(of: name)
    }

    /// Opens a file to write at its end; makes the file if there is none.
    public func open(_ name: String) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: path(of: name)) { try write("", to: name) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path(of: name)))
        try handle.seekToEnd()
        return handle
    }
}
