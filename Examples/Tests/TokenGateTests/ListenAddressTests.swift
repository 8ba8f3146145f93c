import Listening
import Testing

@Suite(.timeLimit(.minutes(10))) struct ListenAddressTests {
    @Test(arguments: ["127.0.0.1:8080", "localhost:0", "[::1]:65535", "0.0.0.0:1", "unix:/run/a b.sock"])
    func `are read as they are written`(text: String) {
        #expect(ListenAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", ":80", "host", "host:", "host:-1", "host:+1", "host:65536", "host:8o", "::1:80", "[]:80",
        "unix:", "unix:a", "unix:/", "unix:/a/", "unix:/" + String(repeating: "a", count: 103),
    ])
    func `are refused when incomplete`(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
