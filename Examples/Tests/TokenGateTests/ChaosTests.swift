import FleetChaos
import Testing

/// `make chaos` in short; takes about twenty seconds, since answers are judged until their bounds have passed.
@Suite(.timeLimit(.minutes(5))) struct ChaosTests {
    @Test func `a fleet keeps its bounds, whatever befalls it`() async throws {
        let scene = try Scene()
        let outcome = try await ChaosRun(seed: 4, duration: .seconds(10), in: scene.directory).run()
        #expect(outcome.objections == 0, "\(outcome.history)")
        #expect(outcome.counts["200 hit", default: 0] > 0)
        #expect(outcome.counts["401", default: 0] > 0)
    }
}
