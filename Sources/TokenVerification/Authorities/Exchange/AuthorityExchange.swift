import HTTPTransports
import HTTPTypes

/// How an authority reaches its server: sends a request and tells outages apart.
struct AuthorityExchange: Sendable {
    private let transport: any HTTPTransport
    private let limits: HTTPExchangeLimits
    /// Whether the transport is known to keep its limits.
    let isPunctual: Bool

    /// - Parameters:
    ///   - transport: what carries the requests.
    ///   - endpoint: the address that the requests are for.
    ///   - deadline: the longest time that an exchange may take.
    ///   - maximumAnswerSize: the largest body that is accepted, in bytes.
    /// - Throws: `ConfigurationError` if a limit is out of its range.
    init(
        transport: any HTTPTransport,
        endpoint: HTTPEndpoint,
        deadline: Duration,
        maximumAnswerSize: Int
    ) throws(ConfigurationError) {
        guard deadline > .zero else {
            throw ConfigurationError("an authority's deadline must be greater than zero, not \(deadline)")
        }
        // A store takes values of 1 MiB, and a sealed record has more in it than the answer.
        guard (1_024...786_432).contains(maximumAnswerSize) else {
            throw ConfigurationError(
                "maximumAnswerSize must be from 1024 to 786432 bytes, but is \(maximumAnswerSize)"
            )
        }
        limits = HTTPExchangeLimits(
            deadline: deadline,
            maximumBodySize: maximumAnswerSize,
            // The address was allowed when it was read.
            allowsPlainHTTP: endpoint.scheme == "http"
        )
        self.transport = transport
        isPunctual = transport is CurlTransport
    }

    var deadline: Duration { limits.deadline }

    func reply(to request: HTTPRequest, body: [UInt8] = []) async throws(VerificationError) -> HTTPReply {
        do {
            return try await transport.response(to: request, body: body, limits: limits)
        } catch {
            throw VerificationError(transportError: error, limits: limits)
        }
    }
}
