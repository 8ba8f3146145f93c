public import HTTPTypes

/// Sends requests through libcurl.
///
/// One thread drives every exchange of a transport, so one transport is meant to serve a whole process. It keeps
/// its connections and uses them again, offers HTTP/2 over TLS, and takes responses that are compressed with gzip.
///
/// What can't be switched off: plain `http` is for loopback hosts only; certificates and host names are verified,
/// with TLS 1.2 at least; redirects are not followed; response headers end at 64 KiB. The environment
/// (`http_proxy`, `.netrc`) is not consulted. Neither headers nor bodies are logged. Fields that frame a message
/// (`Host`, `Content-Length`, `Accept-Encoding`, …) are the transport's own: a request that brings one is refused.
///
/// libcurl sends a request a second time in one case: if a kept connection turns out to have been closed by the
/// server before a single byte of the response came.
///
/// ```swift
/// let transport = try CurlTransport()
/// let endpoint = try HTTPEndpoint("https://authority.example/introspect")
/// let reply = try await transport.response(
///     to: endpoint.request(.post, headerFields: [.authorization: credentials]),
///     body: form,
///     limits: HTTPExchangeLimits(deadline: .seconds(10), maximumBodySize: 64 * 1024)
/// )
/// await transport.shutdown()
/// ```
public final class CurlTransport: HTTPTransport {
    private let mailbox: CurlMailbox
    private let census: CurlCensus
    private let addresses = CurlAddressReader()
    private let thread: POSIXThread

    /// Starts the transport's thread; nothing is connected yet.
    ///
    /// - Parameter configuration: deadlines, trust and the number of connections.
    /// - Throws: ``HTTPTransportError`` with the code `invalidRequest` if the configuration can't work, for example
    ///   because its certificate file can't be read, or if the system refuses a thread.
    public init(_ configuration: Configuration = Configuration()) throws {
        try configuration.validate()
        census = CurlCensus()
        let multi = try CurlMultiHandle(configuration, census: census)
        mailbox = CurlMailbox(waker: multi.waker)
        let loop = CurlLoop(configuration, multi: multi, mailbox: mailbox, census: census)
        thread = try POSIXThread { loop.run() }
    }

    /// The thread holds the mailbox, not the transport: it ends by itself when the last user lets go.
    deinit {
        mailbox.close()
    }

    /// The libcurl handles that are alive.
    package var liveHandles: CurlCensus.Count { census.count }

    public func response(
        to request: HTTPRequest,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) async throws -> HTTPReply {
        try Task.checkCancellation()
        let address = try addresses.address(of: request)
        let call = try CurlCall(request, to: address, body: body, limits: limits)
        let raw = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard mailbox.submit(CurlSubmission(call: call, continuation: continuation)) else {
                    continuation.resume(throwing: HTTPTransportError.transportShutDown)
                    return
                }
            }
        } onCancel: {
            mailbox.cancel(call)
        }
        return try HTTPReply(raw)
    }

    public func shutdown() async {
        mailbox.close()
        await mailbox.end()
        thread.join()
    }
}
