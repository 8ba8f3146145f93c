import CHTTPTransportsCurl
import HTTPTypes

/// Owns the header lines of one request in libcurl's form.
///
/// `@unchecked Sendable`: the list is built in `init`, only read afterwards, and freed once, in `deinit`. The thread
/// keeps the call that owns it for as long as libcurl reads the list.
final class CurlHeaderList: @unchecked Sendable {
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    /// Fields that libcurl sets itself; a second version of them would let two readers disagree on where a request ends.
    private static let reserved: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive",
        "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// No version of libcurl asks for `100 Continue` before content that is smaller, in bytes.
    private static let smallestExpectantContent = 1024

    init(_ fields: HTTPFields, contentSize: Int) throws {
        if contentSize >= Self.smallestExpectantContent {
            // Waiting for `100 Continue` would cost a round trip, or a second where a server doesn't know it.
            try append("Expect:")
        }
        var hasContentType = false
        for field in fields {
            let name = field.name.canonicalName
            hasContentType = hasContentType || name == "content-type"
            guard !Self.reserved.contains(name), !name.hasPrefix(":") else {
                throw HTTPTransportError.invalidRequest(
                    "the request must not have the field \(name): the transport sets it"
                )
            }
            let value = field.value
            guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
                throw HTTPTransportError.invalidRequest("the field \(name) holds a control character")
            }
            // libcurl takes a name with a colon alone for the wish to leave that field out.
            try append(value.isEmpty ? field.name.rawName + ";" : field.name.rawName + ": " + value)
        }
        if !hasContentType {
            // libcurl would call any content a form.
            try append("Content-Type:")
        }
    }

    deinit {
        curl_slist_free_all(first)
    }

    private func append(_ line: String) throws {
        guard let longer = curl_slist_append(first, line) else {
            throw HTTPTransportError.noResources("out of memory")
        }
        first = longer
    }
}
