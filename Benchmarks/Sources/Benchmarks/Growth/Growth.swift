import Foundation
import Measuring

/// Measures how the costs of every store and every peer grow, for `plots.py` to draw.
struct Growth {
    private struct Point: Encodable {
        /// Against what: `entries` or `tasks`.
        let plot: String
        let operation: String
        let who: String
        let x: Int
        /// Seconds an operation, or operations a second.
        let y: Double
    }

    private static let repetitions = 9

    private let curves: [Curve]

    /// - Parameter command: the interpreter, and the script that knows the peers.
    init(_ command: [String]) {
        curves = Curve.all(command)
    }

    /// Measures everything, and writes it down.
    func run(into results: String) async throws {
        var points: [Point] = []
        for curve in curves {
            for entries in [1000, 10_000, 100_000, 1_000_000] {
                let subject = try await curve.subject(entries)
                for (operation, time) in try await times(of: curve, subject, entries: entries, tasks: [1]) {
                    points.append(
                        Point(plot: "entries", operation: operation, who: curve.name, x: entries, y: time[0])
                    )
                }
                await subject.end()
            }
            let tasks = [1, 2, 4, 8, 16, 32, 64, 128, 256]
            let subject = try await curve.subject(10_000)
            for (operation, times) in try await times(of: curve, subject, entries: 10_000, tasks: tasks) {
                for (number, time) in zip(tasks, times) {
                    points.append(
                        Point(plot: "tasks", operation: operation, who: curve.name, x: number, y: 1 / time)
                    )
                }
            }
            await subject.end()
            print("measured \(curve.name)")
            fflush(nil)
        }
        try JSONEncoder().encode(points).write(to: URL(fileURLWithPath: results))
    }

    /// The medians of the times of a hit and of an insertion, in seconds, for each number of tasks.
    private func times(
        of curve: Curve,
        _ subject: any GrowthSubject,
        entries: Int,
        tasks: [Int]
    ) async throws -> KeyValuePairs<String, [Double]> {
        var times: (hit: [Double], insert: [Double]) = ([], [])
        for number in tasks {
            times.hit.append(
                try await median(of: curve.hits, number) { try await subject.hit($0, tasks: number) }
            )
        }
        for number in tasks {
            times.insert.append(
                try await median(of: curve.inserts(entries), number) {
                    try await subject.insert($0, tasks: number)
                }
            )
        }
        return ["hit": times.hit, "insert": times.insert]
    }

    /// The median of the time of one operation, in seconds.
    private func median(
        of count: Int,
        _ tasks: Int,
        _ measure: (Int) async throws -> Double
    ) async throws -> Double {
        // As many for each task, so that all of them are at work all the time.
        let count = max(1, count / tasks) * tasks
        var times: [Double] = []
        for _ in 0..<Self.repetitions { times.append(try await measure(count) / Double(count)) }
        return Series(times).median
    }
}
