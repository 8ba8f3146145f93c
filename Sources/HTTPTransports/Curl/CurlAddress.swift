/// The address of a request, checked and in the form that libcurl is given.
struct CurlAddress: Sendable {
    let url: CurlURL
    let isEncrypted: Bool
    let isLoopback: Bool

    init(scheme: String, authority: String, path: String) throws {
        let endpoint = try HTTPEndpoint("\(scheme)://\(authority)\(path)")
        url = try CurlURL(endpoint.canonical)
        isEncrypted = endpoint.scheme == "https"
        isLoopback = endpoint.isLoopback
    }
}
