import HTTPTransports
import HTTPTypes
import Testing

@Suite(.timeLimit(.minutes(10))) struct HTTPEndpointTests {
    @Test(arguments: [
        ("https://authority.example", "https://authority.example/"),
        ("HTTPS://Authority.Example:443/Introspect", "https://authority.example/Introspect"),
        ("https://authority.example:8443/a/../b?c=%20D", "https://authority.example:8443/a/../b?c=%20D"),
        ("https://authority.example?x=/y", "https://authority.example/?x=/y"),
        ("https://a_b.example.:1/", "https://a_b.example.:1/"),
        ("http://localhost:80", "http://localhost/"),
        ("http://LOCALHOST:443/", "http://localhost:443/"),
        ("http://127.255.0.1:65535/x", "http://127.255.0.1:65535/x"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
        ("https://[2001:DB8::0001]/", "https://[2001:db8::1]/"),
        ("https://authority.example/a@b:c//d", "https://authority.example/a@b:c//d"),
    ])
    func `spells an address in one way`(text: String, canonical: String) throws {
        #expect(try HTTPEndpoint(text).canonical == canonical)
        #expect(try HTTPEndpoint(canonical) == HTTPEndpoint(text))
    }

    @Test(arguments: [
        "", "https://", "https:///path", "authority.example", "//authority.example",
        "ftp://authority.example/",
        "https:/authority.example", "https//authority.example", " https://authority.example",
        "https://user@authority.example/", "https://user:secret@authority.example/",
        "https://:@authority.example",
        "https://authority.example/#part", "https://authority.example#part",
        "https://authority.example\\@evil.example/",
        "https://authority.example/a b", "https://authority.example/\u{0}",
        "https://authority.example/\r\nX: y",
        "https://authority.example/\u{7F}", "https://authority.example/é", "https://authörity.example/",
        "https://authority.example/a\\b", "https://auth%6Frity.example/", "https://.example/",
        "https://a..example/",
        "https://.", "https://authority.example:/", "https://authority.example:0/",
        "https://authority.example:65536/",
        "https://authority.example:+1/", "https://authority.example:80a/", "https://authority.example:-1/",
        "https://[::1", "https://[]/", "https://[::1]evil.example/", "https://[::1%25eth0]/",
        "https://[127.0.0.1]/",
        "https://::1/", "https://[::1]:99999999999999999999/",
    ])
    func `refuses what is no plain absolute URL`(text: String) {
        #expect(performing: { try HTTPEndpoint(text) }, throws: { isInvalidRequest($0) })
    }

    @Test(arguments: [
        "http://authority.example/", "http://localhost.evil.example/", "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example/", "http://127.0.0.1@evil.example/", "http://evil.example/localhost",
        "http://evil.example?@localhost", "http://localhost./", "http://evil.localhost/", "http://127.1/",
        "http://2130706433/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.0.0.256/",
        "http://127.0.0.01/",
        "http://127.0.0.1./", "http://127.0.0.+1/", "http://127.0.0.1.1/", "http://128.0.0.1/",
        "http://0.0.0.0/",
        "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::2]/",
    ])
    func `allows plain http for loopback hosts only`(text: String) {
        #expect(performing: { try HTTPEndpoint(text) }, throws: { isInvalidRequest($0) })
    }

    @Test func `allows plain http for every host where that is asked for, and nothing else besides`() throws {
        let endpoint = try HTTPEndpoint("http://10.0.0.5:8080/api", allowingPlainHTTP: true)
        #expect(try endpoint.appending(path: "user").canonical == "http://10.0.0.5:8080/api/user")
        for text in ["ftp://authority.example/", "http://user@authority.example/", "http://a.example/#part"] {
            #expect(
                performing: { try HTTPEndpoint(text, allowingPlainHTTP: true) },
                throws: { isInvalidRequest($0) }
            )
        }
    }

    @Test func `tells its parts`() throws {
        let endpoint = try HTTPEndpoint("https://[2001:db8::1]:8443/a?b")
        #expect(endpoint.scheme == "https")
        #expect(endpoint.host == "2001:db8::1")
        #expect(endpoint.port == 8443)
        #expect(endpoint.path == "/a?b")
        #expect(endpoint.authority == "[2001:db8::1]:8443")
        #expect(!endpoint.isLoopback)
        #expect(try HTTPEndpoint("https://localhost/").isLoopback)
    }

    @Test(arguments: [
        ("https://a.example", "user", "https://a.example/user"),
        ("https://a.example/", "/user", "https://a.example/user"),
        ("https://a.example/api/v3", "/user", "https://a.example/api/v3/user"),
        ("https://a.example/api/v3/", "user?x=y", "https://a.example/api/v3/user?x=y"),
    ])
    func `appends a path with one slash at the seam`(base: String, suffix: String, whole: String) throws {
        #expect(try HTTPEndpoint(base).appending(path: suffix).canonical == whole)
    }

    @Test func `appends nothing that is no path, and nothing to a query`() throws {
        let base = try HTTPEndpoint("https://a.example/api")
        #expect(performing: { try base.appending(path: "a b") }, throws: { isInvalidRequest($0) })
        #expect(performing: { try base.appending(path: "#a") }, throws: { isInvalidRequest($0) })
        let query = try HTTPEndpoint("https://a.example/api?b=c")
        #expect(performing: { try query.appending(path: "d") }, throws: { isInvalidRequest($0) })
    }

    @Test(arguments: ["https://user:pw@host.example/", "https://user@host.example", "http://a:b@[::1]:1/x"])
    func `says that credentials do not belong in an address, and shows none`(text: String) {
        let error = #expect(throws: HTTPTransportError.self) { try HTTPEndpoint(text) }
        #expect(error?.message.contains("user name") == true)
        #expect(error?.message.contains("user:pw") == false)
    }

    @Test func `takes an at sign in a path`() throws {
        #expect(try HTTPEndpoint("https://a.example/@b").path == "/@b")
    }

    @Test func `makes the head of a request`() throws {
        let request = try HTTPEndpoint("http://127.0.0.1:8080/a?b").request(
            .post,
            headerFields: [.accept: "*/*"]
        )
        #expect(request.scheme == "http")
        #expect(request.authority == "127.0.0.1:8080")
        #expect(request.path == "/a?b")
        #expect(request.headerFields[.accept] == "*/*")
    }

    private func isInvalidRequest(_ error: any Error) -> Bool {
        (error as? HTTPTransportError)?.code == .invalidRequest
    }
}
