import Measuring
import TokenVerification

/// `verify`, miss: the way to the authority and back, over loopback.
enum QuestionRows {
    static let all = [
        oneTask, oneTaskBesideCurl, manyTasks, withoutTransport, transportAlone, transport, trips(of: 1),
        trips(of: 8),
    ]

    private static let lonely = 2000

    private static let oneTask = Row(
        "verify, miss, one task",
        .nanoseconds,
        against: "async-http-client, a dictionary",
        .ratio,
        .atMost(0.75)
    ) {
        let bench = try await QuestionBench()
        return Contest(bench.oursAlone, bench.peersAlone, end: bench.end)
    }

    private static let oneTaskBesideCurl = Row(
        "verify, miss, one task beside libcurl alone",
        .nanoseconds,
        against: "a blocking curl_easy"
    ) {
        let bench = try await QuestionBench()
        return Contest(bench.oursAlone, bench.curlAlone, end: bench.end)
    }

    private static let manyTasks = Row(
        "verify, miss, 64 tasks",
        .perSecond,
        against: "async-http-client, a dictionary",
        .ratio,
        .atLeast(2)
    ) {
        let bench = try await QuestionBench()
        return Contest(bench.ours, bench.peers, end: bench.end)
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
        return Contest(bench.transportsAlone, bench.curlAlone, end: bench.end)
    }

    private static let transport = Row("CurlTransport, 64 tasks", .perSecond, against: "wrk") {
        let bench = try await QuestionBench()
        return Contest(bench.transports, bench.wrk, end: bench.end)
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
