import Measuring
import TokenVerification

/// `verify`, hit in memory, beside the least that it can cost.
enum HitRows {
    static let all = [
        hit("verify, hit in memory", target: .atMost(1.5)),
        hit("verify, hit in memory, token of 900 bytes", length: 900),
        hit("verify, hit in memory, 1 000 000 tokens", entries: 1_000_000),
        twoTasks,
    ]

    private static let entries = 1000
    private static let lookups = 100_000

    /// A cache of so many tokens of so many bytes, all of them looked up in turn.
    private static func hit(
        _ name: String,
        entries: Int = entries,
        length: Int = 40,
        target: Target? = nil
    ) -> Row {
        Row(name, .nanoseconds, against: "SHA-256, a table, a clock", .ratio, target, rounds: 25) {
            let texts = Sample.texts(0..<entries, length: length)
            let ours = try await verifier(of: texts)
            let floor = HitFloor(texts)
            let windows = Windows(of: lookups, over: entries)
            let turns = max(1, lookups / entries)
            return Contest(
                .time(of: lookups, given: windows.next) { try await ours.verify($0, turns: turns) },
                .time(of: lookups, given: windows.next) { try floor.look($0, turns: turns) }
            )
        }
    }

    private static let twoTasks = Row(
        "verify, hit in memory, two tasks against one",
        .scaling,
        against: "the floor's own scaling",
        .ratio,
        .atLeast(0.9),
        rounds: 25
    ) {
        let texts = Sample.texts(0..<2 * entries)
        let ours = try await verifier(of: texts)
        let floor = HitFloor(texts)
        return Contest(
            scaling { range, turns in try await ours.verify(range, turns: turns) },
            scaling { range, turns in try floor.look(range, turns: turns) }
        )
    }

    /// Two tasks, each on its half of the tokens, against one on one half.
    private static func scaling(
        _ body: @escaping @Sendable (Range<Int>, Int) async throws -> Void
    ) -> Contender {
        let turns = 2 * lookups / entries
        let two = Contender.rate(of: 2 * turns * entries) {
            try await inParallel(2, over: 0..<2 * entries) { try await body($0, turns) }
        }
        let one = Contender.rate(of: turns * entries) {
            try await inParallel(1, over: 0..<entries) { try await body($0, turns) }
        }
        return two.divided(by: one)
    }

    private static func verifier(of texts: [String]) async throws -> SampleVerifier {
        try await SampleVerifier(texts, in: TokenCache(timeToLive: .seconds(3600), capacity: texts.count))
    }
}
