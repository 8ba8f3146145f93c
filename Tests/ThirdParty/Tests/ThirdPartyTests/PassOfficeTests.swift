import CacheStores
import HTTPTransports
import HTTPTypes
import Synchronization
import Testing
import ThirdParty
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct PassOfficeTests {
    private static func office(
        _ reply: @escaping @Sendable (HTTPRequest) throws -> HTTPReply
    ) throws -> PassOffice {
        try PassOffice(url: "https://passes.example/v1", transport: TableTransport(reply))
    }

    private static func reply(_ status: Int, _ body: String, _ fields: HTTPFields = [:]) -> HTTPReply {
        var fields = fields
        if fields[.contentType] == nil { fields[.contentType] = "application/json; charset=utf-8" }
        return HTTPReply(
            head: HTTPResponse(status: .init(code: status), headerFields: fields),
            body: Array(body.utf8)
        )
    }

    private static let pass = #"{"holder":"ada","doors":["lab"],"floor":3}"#

    @Test func `is asked through a cache over a store of the same third party`() async throws {
        let questions = Atomic(0)
        let office = try Self.office { request in
            questions.add(1, ordering: .relaxed)
            let name = try #require(HTTPField.Name("X-Pass"))
            #expect(request.path == "/v1/passes/current" && request.headerFields[name] == "abc")
            return Self.reply(200, Self.pass)
        }
        let cache = try TokenCache(
            store: ShelfStore(ShelfSpace(), capacity: 10),
            timeToLive: .seconds(60),
            sealing: .secret(SealingSecret([UInt8](repeating: 7, count: 32)))
        )
        let verifier = try AuthorityTokenVerifier(authority: office, requiring: .scopes("lab"), cache: cache)
        let third = FloorVerifier(verifier, floor: 3)
        let token = try BearerToken(authorization: "Bearer abc")
        #expect(try await third.verify(token).subject == "ada")
        #expect(try await third.verification(of: token).source == .store)
        await #expect(throws: VerificationError(.wrongAudience)) {
            try await FloorVerifier(verifier, floor: 4).verify(token)
        }
        #expect(questions.load(ordering: .relaxed) == 1)
        await cache.shutdown()
    }

    @Test func `tells refusals, faults and outages apart`() async throws {
        let token = try BearerToken("abc")
        #expect(
            try await Self.office { _ in Self.reply(404, "") }.verdict(on: token, clock: .system) == .refused
        )
        let answers: [(HTTPReply, VerificationError, String)] = [
            (
                Self.reply(429, "", [.retryAfter: "7"]),
                VerificationError(.rateLimited, retryAfter: .seconds(7)),
                "status 429"
            ),
            (Self.reply(500, ""), VerificationError(.failed), "status 500"),
            (Self.reply(200, "{}"), VerificationError(.malformedAnswer), "member \"holder\""),
            (
                Self.reply(200, "{}", [.contentType: "text/html"]), VerificationError(.malformedAnswer),
                "header \"content-type\""
            ),
            (
                Self.reply(200, String(repeating: "x", count: 4_097)), VerificationError(.malformedAnswer),
                "the body is larger than the limit of 4096 bytes"
            ),
        ]
        for (reply, wanted, detail) in answers {
            let office = try Self.office { _ in reply }
            let error = await #expect(throws: VerificationError.self) {
                try await office.verdict(on: token, clock: .system)
            }
            #expect(error == wanted && error?.detail?.description == detail)
        }
        let office = try Self.office { _ in throw HTTPTransportError(code: .timedOut, message: "too late") }
        await #expect(throws: VerificationError(.timedOut)) {
            try await office.verdict(on: token, clock: .system)
        }
    }
}
