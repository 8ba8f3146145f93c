import CacheStores
import CacheStoresTesting
import Foundation
import Testing
import TokenVerification

/// A million tokens that nobody knows: what they may cost, and what they may not.
@Suite(.timeLimit(.minutes(5))) struct FloodTests {
    private static let size = 1_000_000
    /// What a flood may leave behind, in bytes: far less than a trace of each token would take.
    private static let bound = 24 << 20

    private let scene = Scene()

    private var options: TokenCacheOptions {
        var options = scene.options
        options.refusalTimeToLive = .seconds(3_600)
        options.refusalCapacity = 10_000
        options.staleGrace = .seconds(600)
        return options
    }

    /// An authority that accepts what begins with `good`, and refuses everything else.
    private func authority() throws -> ScriptedAuthority {
        let good = Set(try (0..<1_000).map { try BearerToken("good\($0)") })
        return ScriptedAuthority { [scene] token in
            good.contains(token) ? .accepted(scene.answer(to: token), cacheable: true) : .refused
        }
    }

    private func flood(
        _ verifier: AuthorityTokenVerifier<ScriptedAuthority>,
        with numbers: Range<Int>
    ) async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for part in 0..<4 {
                group.addTask {
                    var passed = 0
                    for number in numbers where number % 4 == part {
                        let token = try BearerToken("bad\(number)")
                        do throws(VerificationError) {
                            _ = try await verifier.verify(token)
                            passed += 1
                        } catch {
                            passed += error.code == .invalidToken ? 0 : 1
                        }
                    }
                    return passed
                }
            }
            for try await passed in group { #expect(passed == 0) }
        }
    }

    @Test func `change neither the accepted answers nor memory, and cost a question each`() async throws {
        let authority = try authority()
        let cache = try TokenCache(timeToLive: .seconds(300), capacity: 1_000, options: options)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        for number in 0..<1_000 { _ = try await verifier.source("good\(number)") }
        // Whatever is bounded is full by now.
        try await flood(verifier, with: 0..<50_000)
        let before = residentBytes()
        try await flood(verifier, with: 50_000..<Self.size)
        #expect(residentBytes() - before < Self.bound)
        #expect(authority.questions == 1_000 + Self.size)
        for number in 0..<1_000 { #expect(try await verifier.source("good\(number)") == .store) }
        // The latest refusals are remembered, and cost nothing more.
        try await flood(verifier, with: (Self.size - 9_000)..<Self.size)
        #expect(authority.questions == 1_000 + Self.size)
    }

    @Test func `are refused by their beginning before anything is asked`() async throws {
        let authority = try authority()
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .tokenOnly,
            options: options
        )
        let verifier = try AuthorityTokenVerifier(
            authority: authority,
            requiring: TokenRequirements(prefixes: ["good", "gho_"]),
            cache: cache
        )
        #expect(try await verifier.source("good1") == .authority)
        let before = (store.count(of: .lookup), residentBytes())
        try await flood(verifier, with: 0..<Self.size)
        #expect(authority.questions == 1 && store.count(of: .lookup) == before.0)
        #expect(residentBytes() - before.1 < Self.bound)
    }

    @Test func `write nothing to a store that is shared`() async throws {
        let authority = try authority()
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .tokenOnly,
            options: options
        )
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        for number in 0..<1_000 { _ = try await verifier.source("good\(number)") }
        try await flood(verifier, with: 0..<5_000)
        #expect(store.count(of: .set) == 1_000 && store.count(of: .remove) == 0)
        #expect(try await store.count() == 1_000)
    }

    /// How much memory this process has, in bytes; nothing where the system does not say.
    private func residentBytes() -> Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        guard let pages, pages.count > 1, let resident = Int(pages[1]) else { return 0 }
        return resident * sysconf(Int32(_SC_PAGESIZE))
    }
}
