import CacheStoresWaiting
public import HTTPTypes

/// Sends requests through libcurl.
///
/// One thread drives every exchange of a transport, so one transport is meant to serve a whole process. It keeps
/// its connections and uses them again, speaks HTTP/1.1, and takes responses that are compressed with gzip. An exchange
/// that times out or is cancelled closes its connection, so a connection that died in silence fails one exchange only.
///
/// What can't be switched off: certificates and host names are verified, with TLS 1.2 at least; redirects are not
/// followed; response headers end at 64 KiB. Neither headers nor bodies are logged. Fields that frame a message
/// (`Host`, `Content-Length`, `Accept-Encoding`, …) are the transport's own: a request that brings one is refused.
/// Plain `http` is for loopback hosts only, unless ``Configuration/allowsPlainHTTP`` says otherwise.
///
/// Of the variables in the environment that libcurl and its TLS library know,
/// - `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, `NETRC` and `HOME` have no effect: the configuration decides;
/// - `SSL_CERT_FILE` and `SSL_CERT_DIR` have none either, unless libcurl was built to fall back on its TLS library's own
///   certificates, and never with ``Configuration/certificateAuthorityFile``;
/// - `SSLKEYLOGFILE` makes libcurl write the secrets of every TLS connection to a file, and libcurl has no switch against
///   that: a process in which it is set logs a warning, once;
/// - `CURL_SSL_BACKEND`, `OPENSSL_CONF` and the variables of the system's resolver (`RES_OPTIONS`, `HOSTALIASES`,
///   `LOCALDOMAIN`) act as in every program; the certificate must name the host that was configured all the same.
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
    private let addresses: CurlAddressReader
    /// Whether the transport speaks plain `http` to other machines.
    package let allowsPlainHTTP: Bool
    private let thread: BackgroundThread

    /// Starts the transport's thread; nothing is connected yet.
    ///
    /// - Parameter configuration: deadlines, trust and the number of connections.
    /// - Throws: ``HTTPTransportError`` with the code `invalidRequest` if the configuration can't work, for example
    ///   because its certificate file can't be read, or if the system refuses a thread.
    public init(_ configuration: Configuration = Configuration()) throws {
        try configuration.validate()
        census = CurlCensus()
        allowsPlainHTTP = configuration.allowsPlainHTTP
        addresses = CurlAddressReader(allowsPlainHTTP: configuration.allowsPlainHTTP)
        let multi = try CurlMultiHandle(configuration, census: census)
        mailbox = CurlMailbox(waker: multi.waker)
        let loop = CurlLoop(configuration, multi: multi, mailbox: mailbox, census: census)
        do {
            thread = try BackgroundThread { loop.run() }
        } catch {
            throw HTTPTransportError.invalidRequest("the system refuses another thread")
        }
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
