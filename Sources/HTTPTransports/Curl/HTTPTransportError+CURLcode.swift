import CHTTPTransportsCurl

extension HTTPTransportError {
    /// The one place where libcurl's codes are told apart.
    init(_ code: CURLcode) {
        self.init(Code(code), code.text)
    }
}

extension HTTPTransportError.Code {
    fileprivate init(_ code: CURLcode) {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            self = .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_CRL_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED:
            self = .tlsFailed
        case CURLE_FILESIZE_EXCEEDED:
            self = .bodyTooLarge
        // "Unsupported protocol" is libcurl's word for an answer that does not begin like HTTP.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
            self = .protocolViolation
        case CURLE_URL_MALFORMAT:
            self = .invalidRequest
        default:
            self = .connectionFailed
        }
    }
}

extension CURLcode {
    /// libcurl's own words, which know nothing of the request.
    var text: String { String(cString: curl_easy_strerror(self)) }
}
