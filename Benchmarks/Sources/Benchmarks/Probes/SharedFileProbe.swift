import CacheStores
import CacheStoresSQLite
import Foundation
import TokenVerificationTestSupport

/// One of several processes on one file: four tasks, nineteen look-ups for each write, for a second.
struct SharedFileProbe {
    private static let known = 10_000
    private static let tasks = 4

    private let path: String
    private let start: Double
    private let number: Int

    /// Reads the arguments: the file, when to begin in seconds since 1970, and which of the processes this is.
    init(_ arguments: [String]) throws {
        guard arguments.count == 3, let start = Double(arguments[1]), let number = Int(arguments[2]) else {
            throw BenchmarkError("a file, a moment and a number are needed")
        }
        (path, self.start, self.number) = (arguments[0], start, number)
    }

    /// How many operations all processes together do in a second, on a new file from which nothing is evicted.
    static func operations(of processes: Int) async throws -> Double {
        let directory = try TemporaryDirectory()
        let path = directory.path(of: "shared.db")
        let store = try SQLiteStore(path: path, capacity: 1_000_000)
        try await store.set(RowSource().rows(known), tasks: 64)
        await store.shutdown()
        let start = Date().timeIntervalSince1970 + 1
        let programs = try (0..<processes).map {
            try ChildProcess(.sharedFile, [path, String(start), String($0)])
        }
        var operations = 0.0
        for program in programs { operations += try await program.figure() }
        return withExtendedLifetime(directory) { operations }
    }

    func operations() async throws -> Double {
        let store = try SQLiteStore(path: path)
        let rest = start - Date().timeIntervalSince1970
        guard rest > 0 else { throw BenchmarkError("a process began too late") }
        try await Task.sleep(for: .seconds(rest))
        let end = ContinuousClock.now + .seconds(1)
        let operations = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<Self.tasks {
                group.addTask { try await work(on: store, as: task, until: end) }
            }
            return try await group.reduce(0, +)
        }
        await store.shutdown()
        return Double(operations)
    }

    private func work(
        on store: SQLiteStore,
        as task: Int,
        until end: ContinuousClock.Instant
    ) async throws -> Int {
        // Each task writes keys of its own, and looks up those that the file began with.
        var written = (1 + number * Self.tasks + task) * 100_000_000
        var operations = 0
        while ContinuousClock.now < end {
            for _ in 0..<19 {
                guard try await store.entry(for: Sample.key(operations % Self.known)) != nil else {
                    throw BenchmarkError("the store lost an entry")
                }
                operations += 1
            }
            try await store.setEntry(Sample.entry(written), for: Sample.key(written))
            written += 1
            operations += 1
        }
        return operations
    }
}
