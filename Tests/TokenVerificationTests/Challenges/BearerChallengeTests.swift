import HTTPTypes
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct BearerChallengeTests {
    private func fields(
        _ reason: VerificationError.Reason,
        requiring scopes: Set<String> = [],
        retryAfter: Duration? = nil
    ) -> HTTPFields {
        BearerChallenge(VerificationError(reason, requiring: scopes, retryAfter: retryAfter)).headerFields
    }

    @Test(arguments: VerificationError.Reason.allCases)
    func `T17 tell no token, a malformed one, a bad one and an authority that did not say apart`(
        reason: VerificationError.Reason
    ) {
        let error = VerificationError(reason)
        let challenge = BearerChallenge(error)
        switch error.code {
        case .missingCredentials:
            #expect(challenge.status == .unauthorized)
            #expect(challenge.headerFields[.wwwAuthenticate] == #"Bearer realm="api""#)
        case .invalidRequest:
            #expect(challenge.status == .badRequest)
            #expect(challenge.code == .invalidRequest)
        case .invalidToken:
            #expect(challenge.status == .unauthorized)
            #expect(challenge.code == .invalidToken)
        case .insufficientScope:
            #expect(challenge.status == .forbidden)
            #expect(challenge.code == .insufficientScope)
        default:
            #expect(challenge.status == .serviceUnavailable)
            #expect(challenge.headerFields[.retryAfter] == "5")
            #expect(challenge.headerFields[.wwwAuthenticate] == nil)
        }
    }

    @Test func `name what a token needs, in one order`() {
        let fields = fields(.missingScope, requiring: ["write", "read"])
        #expect(fields[.wwwAuthenticate]?.hasSuffix(#", scope="read write""#) == true)
    }

    @Test func `round the time to wait up to whole seconds`() {
        let waits = [Duration.milliseconds(1), .seconds(2), .milliseconds(2_001), .seconds(-3), .zero]
        #expect(waits.map { fields(.rateLimited, retryAfter: $0)[.retryAfter] } == ["1", "2", "3", "0", "0"])
    }

    @Test(arguments: VerificationError.Reason.allCases)
    func `T19 describe without quotes and back-slashes`(reason: VerificationError.Reason) {
        guard let text = BearerChallenge(VerificationError(reason)).explanation else {
            return
        }
        #expect(!text.isEmpty)
        #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
    }

    @Test func `T20 say where the resource describes itself`() {
        let metadata = "https://api.example/.well-known/oauth-protected-resource"
        for var challenge in [
            BearerChallenge(VerificationError(.noCredentials)),
            BearerChallenge(VerificationError(.missingScope)),
        ] {
            challenge.resourceMetadata = metadata
            let field = challenge.headerFields[.wwwAuthenticate]
            #expect(field?.contains(#"resource_metadata="\#(metadata)""#) == true)
        }
    }

    @Test func `can't be left by what an operator configured`() {
        var challenge = BearerChallenge(VerificationError(.noCredentials))
        challenge.realm = "a\"b\\c\r\nd é"
        #expect(challenge.headerFields[.wwwAuthenticate] == #"Bearer realm="abcd ""#)
    }
}
