import CacheStores
import CacheStoresSQLite
import Foundation
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// Where a store's file may lie, and what becomes of its permissions.
@Suite(.timeLimit(.minutes(10))) struct PathTests {
    private let place: TemporaryStore

    init() throws {
        place = try TemporaryStore()
    }

    private func code(opening path: String) -> StoreError.Code? {
        #expect(throws: StoreError.self) { try SQLiteStore(path: path) }?.code
    }

    @Test(arguments: [
        "a b.db", "what?mode=memory", "100%25.db", "a#b", "file:cache.db?mode=ro", "é.db", "-wal", "'; DROP",
        "*", "\u{301}accent",
    ])
    func `takes every character literally`(name: String) async throws {
        let path = "\(place.directory)/\(name)"
        let store = try SQLiteStore(path: path)
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        await store.shutdown()
        #expect(try place.files().contains(name))
        #expect(try await SQLiteStore(path: path).entry(for: Sample.key(1))?.value == Sample.value(1))
    }

    @Test(arguments: ["", ":memory:", ".", "..", "a\0b", "some/"])
    func `refuses what names no file`(path: String) {
        #expect(code(opening: path) == .invalidConfiguration)
    }

    @Test func `refuses a directory`() throws {
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: false)
        #expect(code(opening: place.path) == .invalidConfiguration)
    }

    @Test func `refuses a pipe`() {
        mkfifo(place.path, 0o600)
        #expect(code(opening: place.path) == .invalidConfiguration)
    }

    @Test func `refuses a symbolic link`() throws {
        let target = "\(place.directory)/target"
        try FileManager.default.createSymbolicLink(atPath: place.path, withDestinationPath: target)
        #expect(code(opening: place.path) == .accessDenied)
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func `refuses a symbolic link in the place of the lock`() throws {
        let target = "\(place.directory)/target"
        try FileManager.default.createSymbolicLink(atPath: "\(place.path).lock", withDestinationPath: target)
        #expect(code(opening: place.path) == .accessDenied)
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func `follows a symbolic link to the directory`() async throws {
        let link = "\(place.directory)/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place.directory)
        let store = try SQLiteStore(path: "\(link)/cache.db")
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        #expect(try await place.open().entry(for: Sample.key(1)) != nil)
    }

    @Test func `needs the directory`() {
        #expect(code(opening: "\(place.directory)/missing/cache.db") == .unavailable)
    }

    @Test(arguments: [0o777, 0o1777, 0o702]) func `refuses a directory that is writable for all users`(
        mode: Int
    ) throws {
        chmod(place.directory, mode_t(mode))
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: place.path) }
        #expect(error?.code == .accessDenied)
        #expect(error?.message.contains("sub-directory") == true)
        #expect(try place.files().isEmpty)
    }

    @Test func `refuses arguments that can't work`() {
        for arguments in [(-1, Duration.seconds(1)), (1, .zero), (1, .seconds(-1))] {
            let error = #expect(throws: StoreError.self) {
                try SQLiteStore(path: place.path, capacity: arguments.0, deadline: arguments.1)
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test func `denies other users access to its files`() async throws {
        let mask = umask(0)
        defer { umask(mask) }
        let store = try place.open()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        for suffix in ["", "-wal", "-shm", ".lock"] {
            #expect(try place.status(suffix).st_mode & 0o777 == 0o600)
        }
    }

    @Test func `takes permissions away that are too wide`() async throws {
        await (try place.open()).shutdown()
        chmod(place.path, 0o666)
        let store = try place.open()
        #expect(try place.status().st_mode & 0o777 == 0o600)
        await store.shutdown()
    }

    @Test func `takes an empty file for its own`() async throws {
        #expect(FileManager.default.createFile(atPath: place.path, contents: Data()))
        let store = try place.open()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        #expect(try place.files().allSatisfy { !$0.contains("corrupt") })
    }

    @Test func `can't be opened where nothing may be written`() async throws {
        chmod(place.directory, 0o755)
        let child = try ChildProcess.storeProcess()
        if getuid() == 0 { try await child.ask("become 65534") } else { chmod(place.directory, 0o555) }
        #expect(try await child.ask("open \(place.path)") == "error accessDenied")
        chmod(place.directory, 0o700)
    }

    @Test func `can't be opened if the file can't be written`() async throws {
        await (try place.open()).shutdown()
        chmod(place.path, 0o400)
        let child = try ChildProcess.storeProcess()
        if getuid() == 0 {
            for suffix in ["", "-wal", "-shm", ".lock"] { chown(place.path + suffix, 65_534, 65_534) }
            chown(place.directory, 65_534, 65_534)
            try await child.ask("become 65534")
        }
        #expect(try await child.ask("open \(place.path)") == "error readOnly")
    }
}
