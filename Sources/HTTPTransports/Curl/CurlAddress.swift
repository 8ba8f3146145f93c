/// The address of a request, checked and in the form that libcurl is given.
struct CurlAddress: Sendable {
    let url: CurlURL
    let mayUseProxy: Bool

    init(scheme: String, authority: String, path: String, allowingPlainHTTP: Bool) throws {
        let endpoint = try HTTPEndpoint(
            "\(scheme)://\(authority)\(path)",
            allowingPlainHTTP: allowingPlainHTTP
        )
        url = try CurlURL(endpoint.canonical)
        mayUseProxy = endpoint.scheme == "https" && !endpoint.isLoopback
    }
}
