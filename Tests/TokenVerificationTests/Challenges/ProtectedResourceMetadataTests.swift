import Testing
import TokenVerification

/// RFC 9728 §2 and §3.1.
@Suite struct ProtectedResourceMetadataTests {
    private static let issuers = ["https://issuer.example"]

    @Test(arguments: [
        ("https://api.example", "https://api.example/.well-known/oauth-protected-resource"),
        ("https://api.example/", "https://api.example/.well-known/oauth-protected-resource"),
        ("https://api.example/mcp", "https://api.example/.well-known/oauth-protected-resource/mcp"),
        (
            "https://API.example:8443/a/b/",
            "https://api.example:8443/.well-known/oauth-protected-resource/a/b/"
        ),
        ("http://127.0.0.1:9/mcp", "http://127.0.0.1:9/.well-known/oauth-protected-resource/mcp"),
    ])
    func `the document lies between the host and the resource's path`(resource: String, url: String) throws {
        let metadata = try ProtectedResourceMetadata(resource: resource, authorizationServers: Self.issuers)
        #expect(metadata.url == url)
        #expect(metadata.url.hasSuffix(metadata.path) && metadata.path.hasPrefix("/.well-known/"))
    }

    @Test func `the document says what was given, and nothing else`() throws {
        let full = try ProtectedResourceMetadata(
            resource: "https://api.example/mcp",
            authorizationServers: ["https://a.example", "https://b.example/x"],
            scopes: ["read", "a\"b"],
            name: "Orders"
        )
        #expect(
            String(decoding: full.json, as: UTF8.self)
                == #"{"resource":"https://api.example/mcp","authorization_servers":["https://a.example","https://b.example/x"],"#
                + #""scopes_supported":["read","a\"b"],"bearer_methods_supported":["header"],"resource_name":"Orders"}"#
        )
        let least = try ProtectedResourceMetadata(
            resource: "https://api.example",
            authorizationServers: Self.issuers
        )
        #expect(!String(decoding: least.json, as: UTF8.self).contains("scopes_supported"))
    }

    @Test(arguments: [
        "http://api.example", "https://api.example/?a=b", "https://api.example/#a", "https://u@api.example",
        "mcp", "",
    ])
    func `an address that clients could not trust is refused`(resource: String) {
        #expect(throws: ConfigurationError.self) {
            try ProtectedResourceMetadata(resource: resource, authorizationServers: Self.issuers)
        }
        guard !resource.contains("?") else { return }
        #expect(throws: ConfigurationError.self) {
            try ProtectedResourceMetadata(resource: "https://a.example", authorizationServers: [resource])
        }
    }

    @Test func `a resource without an authorization server is refused`() {
        #expect(throws: ConfigurationError.self) {
            try ProtectedResourceMetadata(resource: "https://a.example", authorizationServers: [])
        }
    }
}
