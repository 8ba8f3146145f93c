import CacheStores
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// A million unknown tokens: what they may cost, and what they may not.
@Suite(.timeLimit(.minutes(10))) struct FloodTests {
    private static let size = 1_000_000

    private let scene = Scene()

    @Test func `change neither the accepted answers nor memory, and cost a question each`() async throws {
        let figures = try await figures(of: Self.size)
        #expect(figures["accepted at first"] == 1_000)
        #expect(figures["passed"] == 0)
        #expect(figures["kept"] == 1_000)
        #expect(figures["questions"] == 1_000 + Self.size)
        // A trace of each token, however small, would take more; refusals take some 130 bytes each, and are full.
        let growth = try #require(figures["grown by kilobytes"])
        #expect(growth < 8 << 10)
        // Five thousand more tokens, three times over.
        #expect(figures["questions after repetition"] == 1_000 + Self.size + 5_000)
        #expect(figures["passed by prefix"] == 0)
        #expect(figures["questions after prefixes"] == figures["questions after repetition"])
        #expect(figures["kept at last"] == 1_000)
        let growthAtLast = try #require(figures["grown by kilobytes at last"])
        #expect(growthAtLast < 8 << 10)
    }

    @Test func `write nothing to a store that is shared`() async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        var options = scene.options
        options.refusals.timeToLive = .seconds(60)
        options.stale.grace = .seconds(60)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .tokenOnly,
            options: options
        )
        let verifier = try AuthorityTokenVerifier(
            authority: ScriptedAuthority { _ in .refused },
            cache: cache
        )
        for number in 0..<1_000 { await expect(.refused) { try await verifier.source("bad\(number)") } }
        #expect(store.count(of: .set) == 0 && store.count(of: .remove) == 0)
    }

    /// What the program beside the tests says of a flood.
    private func figures(of size: Int) async throws -> [String: Int] {
        let process = try ChildProcess(.sibling("TokenFlood"), [String(size)], waitLimit: .seconds(600))
        let text = try await process.output()
        let lines = text.split(separator: "\n").map { $0.split(separator: ": ") }
        return Dictionary(uniqueKeysWithValues: lines.map { (String($0[0]), Int($0[1]) ?? -1) })
    }
}
