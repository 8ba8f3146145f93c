import CHTTPTransportsCurl

/// One exchange at a time on a handle that is used again; belongs to the thread.
final class CurlTransfer {
    let easy: CurlEasyHandle
    private(set) var submission: CurlSubmission?
    private var reply = CurlReply()
    private var refusal: HTTPTransportError?

    private static let maximumHeaderSize = 64 * 1024

    /// What a response may be compressed with.
    ///
    /// libcurl would offer all that it knows, and spell that out for every request.
    private static let acceptedEncoding = chttp_can_decompress() ? "gzip" : "identity"

    init(handleCount: CurlHandleCount) throws {
        easy = try CurlEasyHandle(handleCount: handleCount)
    }

    /// Sets everything that the exchange needs.
    func prepare(_ submission: CurlSubmission, configuration: CurlTransport.Configuration) throws {
        self.submission = submission
        try setPolicy(configuration)
        try setReceivers()
        try setRequest(submission.call, configuration: configuration)
    }

    /// What libcurl's verdict amounts to.
    func outcome(_ code: CURLcode) -> Result<CurlReply, any Error> {
        if let refusal {
            return .failure(refusal)
        }
        guard code == CURLE_OK else { return .failure(HTTPTransportError(code)) }
        reply.status = easy.responseStatus
        return .success(reply)
    }

    /// Forgets the exchange, its secrets included, and returns the submission, whose caller waits.
    func recycle() -> CurlSubmission? {
        // libcurl forgets address and header list before the call, which owns them, is let go.
        easy.reset()
        reply = CurlReply()
        refusal = nil
        defer { submission = nil }
        return submission
    }

    private func setPolicy(_ configuration: CurlTransport.Configuration) throws {
        try easy.set(CURLOPT_NOSIGNAL, 1)
        try easy.allowOnlyHTTP()
        try easy.neverWaitForResolver()
        try easy.set(CURLOPT_FOLLOWLOCATION, 0)
        // No `.netrc`, which libcurl finds by the variables NETRC and HOME.
        try easy.set(CURLOPT_NETRC, 0)
        // Over HTTP/2 all exchanges share one connection: when it dies without a reset, each of them takes its whole
        // deadline. Over HTTP/1.1 an exchange that ends early closes the connection that it used.
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try easy.set(CURLOPT_MAXAGE_CONN, configuration.maximumIdleTime.secondsRoundedUp)
        try easy.setMaximumConnectionAge(configuration.maximumConnectionAge)
        try setTrust(configuration)
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, configuration.connectDeadline.millisecondsRoundedUp)
        try easy.setSocketOpener(CurlSockets.open)
    }

    /// Sets what TLS accepts, of the server and of a proxy that speaks TLS.
    ///
    /// A reset brings libcurl's defaults back, among them the certificates that it was built to trust.
    private func setTrust(_ configuration: CurlTransport.Configuration) throws {
        try easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try easy.set(CURLOPT_SSL_VERIFYPEER, 1)
        try easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = configuration.certificateAuthorityFile {
            try easy.set(CURLOPT_CAINFO, file)
            try easy.trustNoDirectory(CURLOPT_CAPATH)
            // A libcurl that was built to trust what the system trusts would do so besides.
            try easy.set(CURLOPT_SSL_OPTIONS, 0)
        }
        if let certificate = configuration.clientCertificateFile {
            try easy.set(CURLOPT_SSLCERT, certificate)
            try easy.set(CURLOPT_SSLKEY, configuration.clientKeyFile ?? certificate)
        }
        guard configuration.hasEncryptedProxy else { return }
        try easy.set(CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try easy.set(CURLOPT_PROXY_SSL_VERIFYPEER, 1)
        try easy.set(CURLOPT_PROXY_SSL_VERIFYHOST, 2)
        if let file = configuration.certificateAuthorityFile {
            try easy.set(CURLOPT_PROXY_CAINFO, file)
            try easy.trustNoDirectory(CURLOPT_PROXY_CAPATH)
            try easy.set(CURLOPT_PROXY_SSL_OPTIONS, 0)
        }
    }

    private func setRequest(_ call: CurlCall, configuration: CurlTransport.Configuration) throws {
        try easy.set(call.address)
        try easy.set(CURLOPT_ACCEPT_ENCODING, Self.acceptedEncoding)
        // A proxy would read what is sent in plain http, and has no way to a loopback host. Empty text means none at all.
        try easy.set(CURLOPT_PROXY, call.address.mayUseProxy ? configuration.proxy ?? "" : "")
        try easy.set(CURLOPT_NOPROXY, "")
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let userAgent = configuration.userAgent {
            try easy.set(CURLOPT_USERAGENT, userAgent)
        }
        try easy.set(CURLOPT_HTTPHEADER, call.headerList)
        try setMethod(call)
    }

    private func setMethod(_ call: CurlCall) throws {
        var implied = "GET"
        if call.method == "HEAD" {
            try easy.set(CURLOPT_NOBODY, 1)
            implied = "HEAD"
        } else if !call.body.isEmpty || ["POST", "PUT", "PATCH"].contains(call.method) {
            try easy.setContent(call.body)
            implied = "POST"
        }
        if call.method != implied {
            try easy.set(CURLOPT_CUSTOMREQUEST, call.method)
        }
    }
}

/// What libcurl calls back.
///
/// The pointer that it hands back is this transfer, unretained: the loop holds the transfer for as long as the handle is
/// among those that libcurl works on, and libcurl calls back on the loop's thread only.
extension CurlTransfer {
    static func owner(of easy: UnsafeMutableRawPointer) -> CurlTransfer? {
        CurlEasyHandle.privatePointer(of: easy).map(at)
    }

    private static func at(_ pointer: UnsafeMutableRawPointer) -> CurlTransfer {
        Unmanaged<CurlTransfer>.fromOpaque(pointer).takeUnretainedValue()
    }

    private func setReceivers() throws {
        let pointer = Unmanaged.passUnretained(self).toOpaque()
        try easy.set(CURLOPT_PRIVATE, pointer)
        try easy.set(CURLOPT_HEADERDATA, pointer)
        try easy.set(CURLOPT_WRITEDATA, pointer)
        try easy.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, pointer in
            guard let pointer else { return 0 }
            return CurlTransfer.at(pointer).receiveHeader(
                UnsafeRawBufferPointer(start: bytes, count: size &* count)
            )
        }
        try easy.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, pointer in
            guard let pointer else { return 0 }
            return CurlTransfer.at(pointer).receiveBody(
                UnsafeRawBufferPointer(start: bytes, count: size &* count)
            )
        }
    }

    /// - Returns: the number of bytes taken; any other ends the transfer.
    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= Self.maximumHeaderSize - reply.headerLines.count else {
            return refuse(.protocolViolation, "the response's head is larger than 65536 bytes")
        }
        reply.headerLines.append(contentsOf: bytes)
        return bytes.count
    }

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        let limit = submission?.call.maximumBodySize ?? 0
        guard bytes.count <= limit - reply.body.count else {
            return refuse(.bodyTooLarge, "the response's body is larger than the limit of \(limit) bytes")
        }
        reply.body.append(contentsOf: bytes)
        return bytes.count
    }

    private func refuse(_ code: HTTPTransportError.Code, _ message: String) -> Int {
        refusal = HTTPTransportError(code, message)
        return -1
    }
}
