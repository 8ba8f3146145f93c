public import HTTPTypes

/// Carries one HTTP request to a server and its whole response back.
///
/// An authority asks its questions through a transport, so that a test, a proxy or another HTTP library can
/// take libcurl's place. A transport adds no policy: it follows no redirect, retries nothing, caches nothing,
/// and logs neither headers nor bodies.
///
/// `CurlTransport` is the transport that the package ships.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns the server's response, whatever its status.
    ///
    /// - Parameters:
    ///   - request: the request's head. `scheme`, `authority` and `path` name the resource.
    ///   - body: the request's content, sent with its length; empty for none.
    ///   - limits: how long the exchange may take and how large the response's body may be.
    /// - Returns: the response's head and its decoded body, at most `limits.maximumBodySize` bytes.
    /// - Throws: ``HTTPTransportError``, or `CancellationError` if the calling task was cancelled, upon which
    ///   the exchange is abandoned.
    func response(
        to request: HTTPRequest,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) async throws -> HTTPReply

    /// Ends every exchange, closes every connection and returns when nothing is left; may be called twice.
    func shutdown() async
}
