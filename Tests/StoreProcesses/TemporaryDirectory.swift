import Foundation

/// A directory of a test's own; it vanishes with the object.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        let name = "stores-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
