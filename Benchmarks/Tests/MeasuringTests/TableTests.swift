import Measuring
import Testing

@Suite(.timeLimit(.minutes(10))) struct TableTests {
    @Test func `writes figures with three digits and their unit`() {
        #expect(Figure.nanoseconds.text(412.4) == "412 ns")
        #expect(Figure.nanoseconds.text(15_260) == "15.3 µs")
        #expect(Figure.perSecond.text(319_000) == "319 k/s")
        #expect(Figure.bytes.text(851) == "851 B")
        #expect(Figure.bytes.text(95 * 1_048_576) == "95 MiB")
        #expect(Figure.questions.text(1) == "1")
    }

    @Test func `has a line for each part, with its target and its verdict`() async throws {
        let row = Row("a row", .nanoseconds, against: "a floor", .ratio, .atLeast(2), rounds: 9) {
            Contest(.figure { 30 }, .figure { 20 })
        }
        let outcome = try #require(try await Referee().outcomes(of: row).first)
        let line = Table(contenders: ["ours", "floor"]).line(outcome)
        let cells = line.split(separator: " ").joined(separator: " ")
        #expect(cells == "a row 30 ns 20 ns 1.5 0 % ≥ 2 NOT MET a floor")
    }
}
