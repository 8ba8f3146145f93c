import Measuring
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct RefereeTests {
    @Test func `measures ours and the floor in turn, and judges by their ratio`() async throws {
        let order = Mutex<[String]>([])
        let row = Row("a row", .nanoseconds, against: "a floor", .ratio, .atMost(2), rounds: 9) {
            Contest(
                .figure {
                    order.withLock { $0.append("ours") }
                    return 30
                },
                .figure {
                    order.withLock { $0.append("floor") }
                    return 20
                },
                end: { order.withLock { $0.append("end") } }
            )
        }
        let outcomes = try await Referee().outcomes(of: row)
        #expect(outcomes.map(\.verdict) == [.met])
        let turns = order.withLock { $0 }
        #expect(turns.count == 2 * 10 + 1)
        #expect(turns.last == "end")
        #expect(turns[2..<6] == ["ours", "floor", "floor", "ours"])
    }

    @Test func `compares one scaling with another`() async throws {
        let row = Row("two against one", .scaling, against: "the floor's", .ratio, .atLeast(0.9), rounds: 9) {
            Contest(
                Contender.figure { 19 }.divided(by: .figure { 10 }),
                Contender.figure { 40 }.divided(by: .figure { 20 })
            )
        }
        let outcome = try #require(try await Referee().outcomes(of: row).first)
        #expect(outcome.verdict == .met)
        #expect(Table(contenders: ["ours", "floor"]).line(outcome).contains(" 1.9 "))
    }

    @Test func `measures a noisy row three more times, then leaves it`() async throws {
        let calls = Atomic(0)
        let row = Row("a noisy row", .bytes, against: "", .none, .atMost(5), rounds: 9) {
            Contest(.figure { Double(calls.add(1, ordering: .relaxed).newValue % 10) })
        }
        let outcomes = try await Referee().outcomes(of: row)
        #expect(outcomes.map(\.verdict) == [.tooNoisy])
        #expect(outcomes.map(\.attempts) == [4])
    }

    @Test func `judges each part of a row by itself`() async throws {
        let row = Row(
            "percentiles",
            parts: ["p50", "p99"],
            .nanoseconds,
            against: "a floor",
            .none,
            .atMost(10)
        ) {
            Contest(.figures { [5, 50] })
        }
        #expect(try await Referee().outcomes(of: row).map(\.verdict) == [.met, .notMet])
    }

    @Test func `ends what it prepared when a measurement fails`() async throws {
        struct Failure: Error {}
        let isEnded = Atomic(false)
        let row = Row("a broken row", .bytes, against: "") {
            Contest(.figure { throw Failure() }, end: { isEnded.store(true, ordering: .relaxed) })
        }
        await #expect(throws: Failure.self) { try await Referee().outcomes(of: row) }
        let ended = isEnded.load(ordering: .relaxed)
        #expect(ended)
    }
}
