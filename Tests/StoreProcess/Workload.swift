import CacheStores
import Foundation
import StoreProcesses

/// One process's part in a run of several processes on one store: all kinds of operations, each of which is logged.
struct Workload: Sendable {
    private struct Misunderstanding: Error {}

    /// How many tasks a process has.
    private static let laneCount = 4

    private let store: any CacheStore<[UInt8]>
    private let log: String
    private let process: Int
    private let processes: Int
    private let operations: Int
    private let seed: UInt64

    /// Reads what to do.
    ///
    /// - Parameters:
    ///   - words: the path of the log, the number of this process, how many there are, how many operations this one
    ///     is to do, and the seed that they follow from.
    ///   - store: what to do it to.
    /// - Throws: an error if the words make no sense.
    init(_ words: some Collection<String>, store: any CacheStore<[UInt8]>) throws {
        let numbers = words.dropFirst().compactMap { Int($0) }
        guard let log = words.first, numbers.count == 4 else { throw Misunderstanding() }
        self.store = store
        self.log = log
        process = numbers[0]
        processes = numbers[1]
        operations = numbers[2]
        seed = UInt64(truncatingIfNeeded: numbers[3])
    }

    /// Does everything, or comes to the first error, and writes the log.
    func run() async throws -> String {
        // Eight of these at once would leave no time to the tests that run beside them.
        nice(10)
        let operations = try await withThrowingTaskGroup(of: [LoggedOperation].self) { group in
            for number in 0..<Self.laneCount {
                group.addTask {
                    var lane = Lane(
                        store: store,
                        number: process * Self.laneCount + number,
                        laneCount: processes * Self.laneCount,
                        seed: seed
                    )
                    return try await lane.perform(self.operations / Self.laneCount)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let text = operations.map { "\($0)\n" }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: log))
        return "ok"
    }
}
