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

    private static let repetitions = 5

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
                print("\(curve.name), \(entries) entries")
                let subject = try await curve.subject(entries)
                let (hit, insert) = try await times(of: curve, subject, entries: entries)
                points.append(Point(plot: "entries", operation: "hit", who: curve.name, x: entries, y: hit))
                points.append(
                    Point(plot: "entries", operation: "insert", who: curve.name, x: entries, y: insert)
                )
                await subject.end()
            }
            let subject = try await curve.subject(10_000)
            for tasks in [1, 2, 4, 8, 16, 32, 64, 128, 256] {
                print("\(curve.name), \(tasks) tasks")
                let (hit, insert) = try await times(of: curve, subject, entries: 10_000, tasks: tasks)
                points.append(Point(plot: "tasks", operation: "hit", who: curve.name, x: tasks, y: 1 / hit))
                points.append(
                    Point(plot: "tasks", operation: "insert", who: curve.name, x: tasks, y: 1 / insert)
                )
            }
            await subject.end()
        }
        try JSONEncoder().encode(points).write(to: URL(fileURLWithPath: results))
    }

    /// The medians of the times of one operation, in seconds.
    private func times(
        of curve: Curve,
        _ subject: any GrowthSubject,
        entries: Int,
        tasks: Int = 1
    ) async throws -> (hit: Double, insert: Double) {
        // As many for each task, so that all of them are at work all the time.
        let hits = max(1, curve.hits / tasks) * tasks
        let inserts = max(1, curve.inserts(entries) / tasks) * tasks
        var times: (hit: [Double], insert: [Double]) = ([], [])
        for _ in 0..<Self.repetitions {
            times.hit.append(try await subject.hit(hits, tasks: tasks) / Double(hits))
            times.insert.append(try await subject.insert(inserts, tasks: tasks) / Double(inserts))
        }
        return (Series(times.hit).median, Series(times.insert).median)
    }
}
