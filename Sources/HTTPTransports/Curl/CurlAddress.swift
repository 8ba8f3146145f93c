import CHTTPTransportsCurl

/// The address of a request, checked, and taken apart by libcurl once, so that it need not for each request.
///
/// `@unchecked Sendable`: it is made in `init`, only read afterwards, by libcurl too, and freed once, in `deinit`.
final class CurlAddress: @unchecked Sendable {
    /// As the request has it.
    let text: String
    let allowsPlainHTTP: Bool
    let mayUseProxy: Bool
    let url: OpaquePointer

    init(_ text: String, allowingPlainHTTP: Bool) throws {
        let endpoint = try HTTPEndpoint(text, allowingPlainHTTP: allowingPlainHTTP)
        guard let url = curl_url() else { throw HTTPTransportError.noResources("out of memory") }
        self.text = text
        allowsPlainHTTP = allowingPlainHTTP
        mayUseProxy = endpoint.scheme == "https" && !endpoint.isLoopback
        self.url = url
        let code = curl_url_set(url, CURLUPART_URL, endpoint.canonical, UInt32(CURLU_PATH_AS_IS))
        guard code == CURLUE_OK else { throw HTTPTransportError.invalidRequest("libcurl can't read the URL") }
    }

    deinit {
        curl_url_cleanup(url)
    }
}
