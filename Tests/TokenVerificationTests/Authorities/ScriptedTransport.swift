import CacheStores
import HTTPTransports
import HTTPTypes
import Synchronization
import TokenVerification

/// A transport that answers every request alike and remembers the last one.
final class ScriptedTransport: HTTPTransport {
    struct Sent: Sendable {
        let request: HTTPRequest
        let body: String
        let limits: HTTPExchangeLimits
    }

    typealias Answer = @Sendable () async throws -> HTTPReply

    private let answer: Answer
    private let last = Mutex<Sent?>(nil)

    var sent: Sent? { last.withLock { $0 } }

    init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    /// Answers with a status, a JSON body and further fields.
    convenience init(_ status: Int = 200, _ body: String = "", fields: [String: String] = [:]) {
        var fields = fields
        if fields["content-type"] == nil { fields["content-type"] = "application/json" }
        self.init(status, Array(body.utf8), fields: fields.map { ($0.key, $0.value) })
    }

    convenience init(_ status: Int, _ body: [UInt8], fields: [(String, String)]) {
        var head = HTTPResponse(status: .init(code: status))
        for (name, value) in fields {
            if let name = HTTPField.Name(name) {
                head.headerFields.append(HTTPField(name: name, value: value))
            }
        }
        let reply = HTTPReply(head: head, body: body)
        self.init { reply }
    }

    convenience init(throwing error: any Error) {
        self.init { throw error }
    }

    func response(
        to request: HTTPRequest,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) async throws -> HTTPReply {
        last.withLock {
            $0 = Sent(request: request, body: String(decoding: body, as: UTF8.self), limits: limits)
        }
        return try await answer()
    }

    func shutdown() async {}
}

extension ScriptedTransport {
    /// What an introspection endpoint makes of the answer.
    func introspected(clock: WallClock = .system) async throws -> Verdict {
        let endpoint = try IntrospectionEndpoint(
            url: "https://issuer.example/introspect",
            clientID: "api",
            clientSecret: ClientSecret("hush"),
            transport: self
        )
        return try await endpoint.verdict(on: BearerToken("abc"), clock: clock)
    }
}
