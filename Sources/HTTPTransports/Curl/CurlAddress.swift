/// The address of a request, checked and in the form that libcurl is given.
struct CurlAddress: Sendable {
    let url: String
    let isEncrypted: Bool
    let isLoopback: Bool

    init(scheme: String, authority: String, path: String) throws {
        let endpoint = try HTTPEndpoint("\(scheme)://\(authority)\(path)")
        url = endpoint.canonical
        isEncrypted = endpoint.scheme == "https"
        isLoopback = endpoint.isLoopback
    }
}
