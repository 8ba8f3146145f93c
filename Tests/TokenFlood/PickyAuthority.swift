import CacheStores
import Synchronization
import TokenVerification

/// Accepts a thousand tokens, refuses all others, and counts how often it was asked.
final class PickyAuthority: TokenAuthority {
    static let goodCount = 1_000

    let identity = AuthorityIdentity(kind: "picky", parameters: [:])
    private let good: Set<BearerToken>
    private let asked = Atomic(0)

    init() throws {
        good = Set(try (0..<Self.goodCount).map(Self.goodToken))
    }

    var questions: Int { asked.load(ordering: .sequentiallyConsistent) }

    static func goodToken(_ number: Int) throws -> BearerToken { try BearerToken("good\(number)") }

    func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        asked.add(1, ordering: .sequentiallyConsistent)
        guard good.contains(token) else { return .refused }
        return .accepted(VerifiedToken(.init(verifiedAt: WallClock.system.now)), cacheable: true)
    }
}
