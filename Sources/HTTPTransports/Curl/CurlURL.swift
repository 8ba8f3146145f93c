import CHTTPTransportsCurl

/// Owns an address that libcurl has taken apart once, so that it need not for each request.
///
/// `@unchecked Sendable`: it is made in `init`, only read afterwards, by libcurl too, and freed once, in `deinit`.
final class CurlURL: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ text: String) throws {
        guard let pointer = curl_url() else { throw HTTPTransportError.noResources("out of memory") }
        self.pointer = pointer
        guard curl_url_set(pointer, CURLUPART_URL, text, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK else {
            throw HTTPTransportError.invalidRequest("libcurl can't read the URL")
        }
    }

    deinit {
        curl_url_cleanup(pointer)
    }
}
