import Foundation

/// A directory for one run, readable by this user alone.
struct TemporaryDirectory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "walkthrough-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    func path(of name: String) -> String { url.appendingPathComponent(name).path }

    /// A new file, open for writing.
    func file(_ name: String) throws -> FileHandle {
        let file = url.appendingPathComponent(name)
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }

    func text(of name: String) -> String {
        (try? String(contentsOfFile: path(of: name), encoding: .utf8)) ?? ""
    }

    func remove() {
        try? FileManager.default.removeItem(at: url)
    }
}
