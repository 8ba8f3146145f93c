import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Token verification as one writes it for a Swift server without this package: async-http-client, `JSONDecoder`, and
/// a dictionary in an actor.
struct PlainVerifier: Sendable {
    /// The answers of the last five minutes.
    private actor Answers {
        private var kept: [String: (answer: PlainAnswer, expiry: Date)] = [:]

        func answer(about token: String) -> PlainAnswer? {
            guard let (answer, expiry) = kept[token], Date() < expiry else { return nil }
            return answer
        }

        func keep(_ answer: PlainAnswer, about token: String) {
            // The simplest of bounds, and the cheapest.
            if kept.count == 10_000 { kept.removeAll(keepingCapacity: true) }
            kept[token] = (answer, Date() + 300)
        }
    }

    private static let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))

    private let url: String
    private let credentials: String
    private let client: HTTPClient
    private let answers = Answers()

    /// Asks an introspection endpoint, on at most so many connections.
    init(asking url: String, clientID: String, clientSecret: String, connections: Int) {
        self.url = url
        credentials = "Basic " + Data("\(clientID):\(clientSecret)".utf8).base64EncodedString()
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func verify(_ token: String) async throws -> PlainAnswer {
        if let answer = await answers.answer(about: token) { return try check(answer) }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Authorization", value: credentials)
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        let encoded = token.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? ""
        request.body = .bytes(ByteBuffer(string: "token=\(encoded)&token_type_hint=access_token"))
        let response = try await client.execute(request, timeout: .seconds(10))
        guard response.status == .ok else { throw BenchmarkError("the authority said \(response.status)") }
        let body = try await response.body.collect(upTo: 1 << 20)
        let answer = try JSONDecoder().decode(PlainAnswer.self, from: body)
        await answers.keep(answer, about: token)
        return try check(answer)
    }

    func shutdown() async {
        try? await client.shutdown()
    }

    private func check(_ answer: PlainAnswer) throws -> PlainAnswer {
        guard answer.active, answer.expiry.map({ Date().timeIntervalSince1970 < Double($0) }) ?? true,
            answer.scope?.split(separator: " ").contains("orders:read") == true
        else { throw BenchmarkError("the token is refused") }
        return answer
    }
}
