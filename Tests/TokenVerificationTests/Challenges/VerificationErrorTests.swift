import CacheStores
import Foundation
import HTTPTypes
import Testing
import TokenVerification

@Suite struct VerificationErrorTests {
    /// What a request handler does: one `catch` for whatever is wrong with the credentials, the token or the authority.
    private func status(_ authorization: [String], _ reason: VerificationError.Reason?) async -> Int {
        let verifier = StubVerifier(reason: reason)
        do {
            _ = try await verifier.verify(BearerToken(authorization: authorization))
            return 200
        } catch {
            return BearerChallenge(error).status.code
        }
    }

    @Test func `is the one error of a request`() async {
        #expect(await status([], nil) == 401)
        #expect(await status(["Basic YTpi"], nil) == 401)
        #expect(await status(["Bearer a", "Bearer a"], nil) == 400)
        #expect(await status(["Bearer é"], nil) == 400)
        #expect(await status(["Bearer a"], .refused) == 401)
        #expect(await status(["Bearer a"], .missingScope) == 403)
        #expect(await status(["Bearer a"], .unreachable) == 503)
        #expect(await status(["Bearer a"], .credentialsRefused) == 503)
        #expect(await status(["Bearer a"], nil) == 200)
    }

    @Test(arguments: VerificationError.Reason.allCases)
    func `says in a sentence what is wrong`(reason: VerificationError.Reason) {
        let text = VerificationError(reason).localizedDescription
        #expect(text.first?.isUppercase == true)
        #expect(text.contains(" "))
        #expect(!text.hasSuffix("."))
    }

    @Test func `adds its detail, and the message of a wrong configuration is its own`() {
        let error = VerificationError(.malformedAnswer, detail: .member("exp"))
        #expect(error.localizedDescription == #"The authority gave no usable answer: member "exp""#)
        #expect(ConfigurationError("the port is 0").localizedDescription == "the port is 0")
    }
}

private struct StubVerifier: TokenVerifier {
    let reason: VerificationError.Reason?

    func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        if let reason { throw VerificationError(reason) }
        return Verification(token: VerifiedToken(.init(verifiedAt: .distantPast)), source: .store)
    }
}
