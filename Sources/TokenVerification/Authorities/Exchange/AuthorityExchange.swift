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
    ///   - deadline: the longest time that an exchange may take.
    /// - Throws: `ConfigurationError` if the deadline is not positive, or what the transport's construction throws.
    init(transport: (any HTTPTransport)?, deadline: Duration) throws {
        guard deadline > .zero else {
            throw ConfigurationError("an authority's deadline must be positive, but is \(deadline)")
        }
        limits = HTTPExchangeLimits(deadline: deadline)
        isOwned = transport == nil
        self.transport = try transport ?? CurlTransport()
        isPunctual = self.transport is CurlTransport
    }

    var deadline: Duration { limits.deadline }

    func reply(to request: HTTPRequest, body: [UInt8] = []) async throws(VerificationError) -> HTTPReply {
        do {
            return try await transport.response(to: request, body: body, limits: limits)
        } catch let error as HTTPTransportError {
            switch error.code {
            case .timedOut: throw VerificationError(.timedOut, detail: .transport(error))
            case .bodyTooLarge:
                let detail = VerificationError.Detail.answerSize(limit: limits.maximumBodySize)
                throw VerificationError(.malformedAnswer, detail: detail)
            case .protocolViolation: throw VerificationError(.malformedAnswer, detail: .transport(error))
            case .shutDown: throw VerificationError(.shutDown)
            default: throw VerificationError(.unreachable, detail: .transport(error))
            }
        } catch is CancellationError {
            throw VerificationError(.cancelled)
        } catch {
            throw VerificationError(.unreachable)
        }
    }

    func shutdown() async {
        if isOwned { await transport.shutdown() }
    }
}
