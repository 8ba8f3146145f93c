import HTTPTransports
import HTTPTypes
import Logging

/// How an authority reaches its server: sends a request and tells outages apart.
struct AuthorityExchange: Sendable {
    private let transport: any HTTPTransport
    private let isOwned: Bool
    private let limits: HTTPExchangeLimits
    /// Whether the transport is known to keep its limits.
    let isPunctual: Bool

    /// - Parameters:
    ///   - transport: what carries the requests; `nil` for a transport of the authority's own.
    ///   - allowsPlainHTTP: whether that one speaks `http` to other machines.
    ///   - deadline: the longest time that an exchange may take.
    ///   - maximumAnswerSize: the largest body that is accepted, in bytes.
    /// - Throws: `ConfigurationError` if a limit is out of its range, or what the transport's construction throws.
    init(
        transport: (any HTTPTransport)?,
        allowsPlainHTTP: Bool,
        deadline: Duration,
        maximumAnswerSize: Int
    ) throws {
        guard deadline > .zero else {
            throw ConfigurationError("an authority's deadline must be positive, but is \(deadline)")
        }
        guard (1_024...1_048_576).contains(maximumAnswerSize) else {
            throw ConfigurationError(
                "maximumAnswerSize must be from 1024 to 1048576 bytes, but is \(maximumAnswerSize)"
            )
        }
        limits = HTTPExchangeLimits(deadline: deadline, maximumBodySize: maximumAnswerSize)
        isOwned = transport == nil
        self.transport = try transport ?? CurlTransport(.init(allowsPlainHTTP: allowsPlainHTTP))
        isPunctual = self.transport is CurlTransport
    }

    var deadline: Duration { limits.deadline }

    func reply(to request: HTTPRequest, body: [UInt8] = []) async throws(VerificationError) -> HTTPReply {
        do {
            return try await transport.response(to: request, body: body, limits: limits)
        } catch {
            throw VerificationError(transportError: error, limits: limits)
        }
    }

    func shutdown() async {
        if isOwned { await transport.shutdown() }
    }
}
