import CacheStoresWaiting
public import HTTPTypes
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Sends requests through libcurl.
///
/// ``shared`` serves every authority of a process that is given no other transport. One thread drives every exchange of
/// a transport; it starts with the first exchange. A transport keeps its connections and uses them again, speaks HTTP/1.1, and takes responses that are compressed with gzip. An exchange
/// that times out or is cancelled closes its connection, so a connection that died in silence fails one exchange only.
///
/// What can't be switched off: certificates and host names are verified, with TLS 1.2 at least; redirects are not
/// followed; response headers end at 64 KiB. Neither headers nor bodies are logged. Fields that frame a message
/// (`Host`, `Content-Length`, `Accept-Encoding`, …) are the transport's own: a request that brings one is refused.
/// Plain `http` is for loopback hosts only, unless ``HTTPExchangeLimits/allowsPlainHTTP`` says otherwise.
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
/// let endpoint = try HTTPEndpoint("https://authority.example/introspect")
/// let reply = try await CurlTransport.shared.response(
///     to: endpoint.request(.post, headerFields: [.authorization: credentials]),
///     body: form,
///     limits: HTTPExchangeLimits(deadline: .seconds(10), maximumBodySize: 64 * 1024)
/// )
/// ```
public final class CurlTransport: HTTPTransport {
    /// The transport of the process, with the default configuration.
    ///
    /// It lives as long as the process, and ends with it: ``shutdown()`` does nothing here.
    public static let shared = CurlTransport(checked: Configuration(), isShared: true)

    /// The thread, and what is left for it.
    private struct Engine {
        let queue: CurlQueue
        let thread: BackgroundThread
    }

    private enum State {
        /// No exchange has begun.
        case idle
        case running(Engine)
        case ended(Engine?)
    }

    private let configuration: Configuration
    private let isShared: Bool
    private let handleCount = CurlHandleCount()
    private let addresses = CurlAddressReader()
    private let state = Mutex(State.idle)

    /// Makes a transport; nothing is started or connected yet.
    ///
    /// - Parameter configuration: deadlines, trust and the number of connections.
    /// - Throws: ``HTTPTransportError`` with the code `invalidConfiguration` if the configuration can't work, for example
    ///   because its certificate file can't be read.
    public convenience init(_ configuration: Configuration = Configuration()) throws {
        try configuration.validate()
        self.init(checked: configuration, isShared: false)
    }

    private init(checked configuration: Configuration, isShared: Bool) {
        self.configuration = configuration
        self.isShared = isShared
    }

    /// The thread holds the queue, not the transport, so the release of the transport ends the thread.
    deinit {
        end()?.queue.close()
    }

    /// The libcurl handles that are alive.
    package var liveHandles: CurlHandleCount.Count { handleCount.count }

    public func response(
        to request: HTTPRequest,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) async throws -> HTTPReply {
        try Task.checkCancellation()
        let address = try addresses.address(of: request, allowingPlainHTTP: limits.allowsPlainHTTP)
        let call = try CurlCall(request, to: address, body: body, limits: limits)
        let queue = try queue()
        let raw = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard queue.submit(CurlSubmission(call: call, continuation: continuation)) else {
                    continuation.resume(throwing: HTTPTransportError.transportShutDown)
                    return
                }
            }
        } onCancel: {
            queue.cancel(call)
        }
        return try HTTPReply(raw)
    }

    public func shutdown() async {
        guard !isShared, let engine = end() else { return }
        engine.queue.close()
        await engine.queue.end()
        engine.thread.join()
    }

    /// Lets no exchange begin any more.
    ///
    /// - Returns: the engine, if there was one, also at a second call.
    private func end() -> Engine? {
        state.withLock { state in
            let engine: Engine? =
                switch state {
                case .idle: nil
                case .running(let engine): engine
                case .ended(let engine): engine
                }
            state = .ended(engine)
            return engine
        }
    }

    /// The queue of the thread, which is started if there is none yet.
    private func queue() throws -> CurlQueue {
        try state.withLock { state in
            switch state {
            case .running(let engine): return engine.queue
            case .ended: throw HTTPTransportError.transportShutDown
            case .idle:
                let engine = try startedEngine()
                state = .running(engine)
                return engine.queue
            }
        }
    }

    private func startedEngine() throws -> Engine {
        let multi = try CurlMultiHandle(configuration, handleCount: handleCount)
        let queue = CurlQueue(waker: multi.waker)
        let loop = CurlLoop(configuration, multi: multi, queue: queue, handleCount: handleCount)
        do {
            let engine = Engine(queue: queue, thread: try BackgroundThread { loop.run() })
            // Before the TLS library frees what the thread uses: handlers run in the reverse of their order.
            if isShared { atexit { CurlTransport.shared.endWithProcess() } }
            return engine
        } catch {
            throw HTTPTransportError.noResources("the system refuses another thread")
        }
    }

    private func endWithProcess() {
        guard let engine = end() else { return }
        engine.queue.close()
        engine.thread.join()
    }
}
