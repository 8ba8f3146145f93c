import CHTTPTransportsCurl
import Synchronization

/// Owns libcurl's handle of one transfer; used by one thread.
struct CurlEasyHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer
    private let handleCount: CurlHandleCount

    init(handleCount: CurlHandleCount) throws {
        guard let pointer = curl_easy_init() else {
            throw HTTPTransportError(.connectionFailed, "libcurl refuses the transfer")
        }
        self.pointer = pointer
        self.handleCount = handleCount
        handleCount.transfers.add(1, ordering: .relaxed)
    }

    deinit {
        curl_easy_cleanup(pointer)
        handleCount.transfers.subtract(1, ordering: .relaxed)
    }

    /// Forgets every option; connections and the name cache stay.
    func reset() {
        curl_easy_reset(pointer)
    }

    func set(_ option: CURLoption, _ value: Int) throws {
        try check(chttp_easy_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: String) throws {
        try check(chttp_easy_set_string(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws {
        try check(chttp_easy_set_pointer(pointer, option, value))
    }

    /// libcurl reads the address until the transfer has ended and does not own it.
    func set(_ address: CurlAddress) throws {
        try check(chttp_easy_set_url(pointer, address.url))
    }

    /// libcurl reads the list until the transfer has ended and does not own it.
    func set(_ option: CURLoption, _ value: CurlHeaderList) throws {
        try check(chttp_easy_set_list(pointer, option, value.first))
    }

    func set(_ option: CURLoption, _ receiver: @escaping curl_write_callback) throws {
        try check(chttp_easy_set_receiver(pointer, option, receiver))
    }

    /// Sets the content, which libcurl copies.
    func setContent(_ content: [UInt8]) throws {
        try check(chttp_easy_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(content.count)))
        try content.withUnsafeBytes { bytes in
            // Without a pointer libcurl would ask a callback for the content.
            guard let base = bytes.baseAddress, !bytes.isEmpty else {
                return try set(CURLOPT_COPYPOSTFIELDS, "")
            }
            try check(
                chttp_easy_set_pointer(
                    pointer,
                    CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: base)
                )
            )
        }
    }

    func allowOnlyHTTP() throws {
        try check(chttp_easy_allow_only_http(pointer))
    }

    /// Without this, ending a transfer that is resolving a name would hold up every other one until the resolver answers.
    func neverWaitForResolver() throws {
        try check(chttp_easy_never_wait_for_resolver(pointer))
    }

    /// Needs libcurl 7.80; an older one has no such limit.
    func setMaximumConnectionAge(_ age: Duration) throws {
        try check(chttp_easy_set_maximum_age(pointer, age.secondsRoundedUp))
    }

    /// Takes away the directory of trusted certificates that is compiled into libcurl.
    ///
    /// The path is one below which no file can ever be: OpenSSL looks a certificate up there and finds none, GnuTLS reads
    /// none. mbedTLS and wolfSSL refuse the path, and so every connection. No path at all would not do: since libcurl
    /// 8.21 it means the directory that is compiled in. An empty directory of our own could be lost and made again by
    /// another user.
    ///
    /// The option is `CURLOPT_CAPATH` or `CURLOPT_PROXY_CAPATH`. A TLS library that knows no directories has none to take
    /// away.
    func trustNoDirectory(_ option: CURLoption) throws {
        let code = chttp_easy_set_string(pointer, option, "/dev/null")
        guard code != CURLE_NOT_BUILT_IN else { return }
        try check(code)
    }

    func setSocketOpener(_ opener: @escaping curl_opensocket_callback) throws {
        try check(chttp_easy_set_opener(pointer, opener))
    }

    var responseStatus: Int {
        var status = 0
        return chttp_easy_long(pointer, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0
    }

    static func privatePointer(of easy: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        var value: UnsafeMutableRawPointer?
        return chttp_easy_pointer(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : nil
    }

    /// An option that did not take could be the one that verifies certificates: no request goes out then.
    private func check(_ code: CURLcode) throws {
        guard code == CURLE_OK else {
            throw HTTPTransportError.invalidRequest("libcurl refuses an option: \(code.text)")
        }
    }
}
