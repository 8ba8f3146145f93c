import CacheStores
import Synchronization
import TokenVerification

/// An authority whose tokens carry what they say.
///
/// They are `subject.issued.expiry.signature`, in milliseconds from the scene
/// beginning, `-` for none. There are two signatures that are right, `s1` and `s2`.
final class SigningAuthority: SignedTokenAuthority {
    let identity: AuthorityIdentity
    let markScope = "issuer"
    let longestLife: Duration
    private let start: Timestamp
    private let verified = Atomic(0)
    private let failure = Mutex<VerificationError?>(nil)

    init(_ clock: WallClock, audience: String = "api", longestLife: Duration = .seconds(3_600)) {
        start = clock.now
        identity = AuthorityIdentity(kind: "signed", parameters: ["audience": audience])
        self.longestLife = longestLife
    }

    var deadline: Duration { .seconds(50) }

    /// How many signatures were verified.
    var verifications: Int { verified.load(ordering: .sequentiallyConsistent) }

    func fail(_ error: VerificationError?) { failure.withLock { $0 = error } }

    func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        .accepted(try await signedToken(token, clock: clock), cacheable: true)
    }

    func signedPart(of token: BearerToken) -> [UInt8] { Array(token.exposedText.utf8.dropLast(2)) }

    func signedToken(_ token: BearerToken, clock: WallClock) async throws(VerificationError) -> VerifiedToken
    {
        verified.add(1, ordering: .sequentiallyConsistent)
        if let error = failure.withLock({ $0 }) { throw error }
        let parts = token.exposedText.split(separator: ".").map(String.init)
        guard parts.count == 4 else { throw VerificationError(.notSigned) }
        guard ["s1", "s2"].contains(parts[3]) else { throw VerificationError(.badSignature) }
        var content = VerifiedToken.Content(
            verifiedAt: clock.now,
            claims: Claims(["sid": .string("session of " + parts[0])])
        )
        content.subject = parts[0]
        content.clientID = "client of " + parts[0]
        content.issuedAt = Int64(parts[1]).map { start.advanced(byMilliseconds: $0) }
        content.expiry = Int64(parts[2]).map { start.advanced(byMilliseconds: $0) }
        if let expiry = content.expiry, clock.now >= expiry { throw VerificationError(.expired) }
        return VerifiedToken(content)
    }
}
