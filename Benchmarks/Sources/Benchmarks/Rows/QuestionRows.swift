import Measuring
import TokenVerification

/// `verify`, miss: the way to the authority and back, over loopback.
enum QuestionRows {
    static let all = [
        oneTask, manyTasks, withoutTransport, transportAlone, transport, trips(of: 1), trips(of: 8),
    ]

    private static let lonely = 2000
    private static let busy = 64 * 250

    private static let oneTask = Row(
        "verify, miss, one task",
        .nanoseconds,
        against: "a blocking curl_easy",
        .ratio,
        .atMost(1.25)
    ) {
        let bench = try await QuestionBench()
        let floor = try CurlRequest(bench.server.url, body: SampleAnswer.question(about: Sample.text(0)))
        return Contest(
            .time(
                of: lonely,
                given: { try bench.newTokens(lonely) },
                { try await bench.verify($0, tasks: 1) }
            ),
            .time(of: lonely) { for _ in 0..<lonely { try floor.send() } },
            end: bench.end
        )
    }

    private static let manyTasks = Row(
        "verify, miss, 64 tasks",
        .perSecond,
        against: "CurlTransport",
        .ratio,
        .atLeast(0.8)
    ) {
        let bench = try await QuestionBench()
        return Contest(
            .rate(of: busy, given: { try bench.newTokens(busy) }, { try await bench.verify($0, tasks: 64) }),
            .rate(of: busy) { try await bench.ask(busy, tasks: 64) },
            end: bench.end
        )
    }

    /// What a verification adds to the way to the authority and back.
    private static let withoutTransport = Row(
        "verify, miss, an authority that is no further than a call",
        .nanoseconds,
        against: "SHA-256, a table, a clock"
    ) {
        let cache = try TokenCache(timeToLive: .seconds(300), capacity: 10_000)
        let verifier = try await SampleVerifier([], in: cache)
        let floor = HitFloor(Sample.texts(0..<lonely))
        let numbers = Windows(of: lonely, over: .max)
        return Contest(
            .time(of: lonely, given: { Sample.texts(numbers.next()) }, { try await verifier.learn($0) }),
            .time(of: lonely) { try floor.look(0..<lonely, turns: 1) }
        )
    }

    private static let transportAlone = Row(
        "CurlTransport, one task",
        .nanoseconds,
        against: "a blocking curl_easy"
    ) {
        let bench = try await QuestionBench()
        let floor = try CurlRequest(bench.server.url, body: SampleAnswer.question(about: Sample.text(0)))
        return Contest(
            .time(of: lonely) { try await bench.ask(lonely, tasks: 1) },
            .time(of: lonely) { for _ in 0..<lonely { try floor.send() } },
            end: bench.end
        )
    }

    private static let transport = Row(
        "CurlTransport, 64 tasks",
        .perSecond,
        against: "wrk",
        .ratio,
        .atLeast(0.35)
    ) {
        let bench = try await QuestionBench()
        return Contest(
            .rate(of: busy) { try await bench.ask(busy, tasks: 64) },
            .figure { try await bench.server.load(connections: 64) },
            end: bench.end
        )
    }

    /// How many requests the authority has when so many tasks at once want to know of each token.
    private static func trips(of callers: Int) -> Row {
        let who = callers == 1 ? "one caller" : "\(callers) callers at once"
        return Row("verify, miss, requests for \(who)", .questions, against: "", .none, .atMost(1), rounds: 9)
        {
            let bench = try await QuestionBench()
            return Contest(
                .figure {
                    let tokens = try bench.newTokens(500)
                    let before = try await bench.requests()
                    for token in tokens {
                        try await bench.verify(
                            [BearerToken](repeating: token, count: callers),
                            tasks: callers
                        )
                    }
                    let requests = try await bench.requests() - before
                    guard requests >= tokens.count else {
                        throw BenchmarkError("the authority was not asked")
                    }
                    return Double(requests) / Double(tokens.count)
                },
                end: bench.end
            )
        }
    }
}
