import FleetChaos
import Foundation
import Testing
import TokenVerificationTestSupport

/// `make chaos` in short; takes half a minute, since tokens are asked about until their bounds have passed.
@Suite(.timeLimit(.minutes(10))) struct ChaosTests {
    @Test func `a fleet keeps its bounds, whatever befalls it`() async throws {
        let scene = try Scene()
        let outcome = try await ChaosRun(
            seed: 36,
            duration: .seconds(12),
            in: URL(fileURLWithPath: scene.directory.path)
        ).run()
        #expect(outcome.objections == 0, "\(outcome.history)")
        // It did ask, and something did happen: this seed brings a fault of every kind in the first seconds.
        for name in [
            "200 hit", "200 miss", "401", "503", "forgetting confirmed", "200 hit, signed",
            "revocation confirmed",
        ] {
            #expect(outcome.counts[name, default: 0] > 0, "\(name)")
        }
        for kind in ["killed", "stopped", "cut off"] {
            #expect(outcome.counts.contains { $0.key.contains(kind) }, "\(kind)")
        }
    }
}
