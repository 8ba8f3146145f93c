import Foundation
import TokenVerificationTestSupport

/// What `wrk` found under a closed load: every connection asks again as soon as it has its answer.
struct Load {
    let requests: Double
    let requestsPerSecond: Double
    /// The 50th, 99th and 99.9th percentile of the latency, in nanoseconds.
    let percentiles: [Double]

    /// Puts a server under load for a second, by requests that a file of Lua shapes.
    ///
    /// - Throws: ``BenchmarkError`` if a request failed.
    static func run(
        on url: String,
        script: String,
        connections: Int
    ) async throws -> Load {
        let closing = """
            \(try String(contentsOfFile: script, encoding: .utf8))
            function done(summary, latency, requests)
                local e = summary.errors
                local failed = e.connect + e.read + e.write + e.status + e.timeout
                print("FOUND " .. summary.requests .. " " .. summary.duration / 1e6 .. " " .. failed .. " " ..
                    latency:percentile(50) .. " " .. latency:percentile(99) .. " " .. latency:percentile(99.9))
            end
            """
        try closing.write(toFile: script + ".done", atomically: true, encoding: .utf8)
        let arguments = [
            "-t1", "-c\(connections)", "-d1s", "--latency", "-s", script + ".done", url,
        ]
        let text = try await ChildProcess.output(of: "wrk", arguments)
        let line = text.split(separator: "\n").last { $0.hasPrefix("FOUND ") } ?? ""
        let numbers = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard numbers.count == 6 else { throw BenchmarkError("wrk said: \(text)") }
        guard numbers[2] == 0 else { throw BenchmarkError("\(Int(numbers[2])) requests failed") }
        return Load(
            requests: numbers[0],
            requestsPerSecond: numbers[0] / numbers[1],
            percentiles: numbers[3...].map { $0 * 1000 }
        )
    }
}
