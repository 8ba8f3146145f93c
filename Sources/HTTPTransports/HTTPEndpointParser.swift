/// Reads the parts of an absolute URL from left to right.
///
/// It accepts only what every reader of URLs understands in the same way, since libcurl will read the URL again:
/// where two readers could disagree about the host, a secret could be sent to the wrong one.
struct HTTPEndpointParser {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    mutating func scheme() throws(HTTPTransportError) -> String {
        for scheme in ["https", "http"] {
            let prefix = "\(scheme)://".utf8
            guard rest.count > prefix.count,
                zip(rest, prefix).allSatisfy({ Self.lowercased($0) == $1 })
            else { continue }
            rest = rest.dropFirst(prefix.count)
            return scheme
        }
        throw HTTPTransportError.invalidRequest("the URL must begin with https:// or http://, then a host")
    }

    mutating func host() throws(HTTPTransportError) -> HTTPHost {
        // No path holds an `@` before the host's end, so this is a user's name, with a password or without.
        guard
            !rest.prefix(while: { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }).contains(
                UInt8(ascii: "@")
            )
        else {
            throw HTTPTransportError.invalidRequest(
                "the URL must have no user name before its host; credentials are given apart"
            )
        }
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")),
                let host = HTTPHost(ipv6: String(Substring(rest[..<end].dropFirst())))
            else { throw HTTPTransportError.invalidRequest("the URL's IPv6 address can't be read") }
            rest = rest[end...].dropFirst()
            return host
        }
        let bytes = rest.prefix { !Self.endsHost($0) }
        rest = rest.dropFirst(bytes.count)
        guard let host = HTTPHost(name: String(decoding: bytes.map(Self.lowercased), as: UTF8.self)) else {
            throw HTTPTransportError.invalidRequest(
                "the URL's host is empty or holds more than letters, digits, dots and hyphens"
            )
        }
        return host
    }

    /// The port, if the URL names one.
    mutating func port() throws(HTTPTransportError) -> Int? {
        guard rest.first == UInt8(ascii: ":") else { return nil }
        let digits = rest.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        rest = rest.dropFirst(1 + digits.count)
        guard let port = UInt16(String(Substring(digits))), port > 0 else {
            throw HTTPTransportError.invalidRequest("the URL's port must be a number from 1 to 65535")
        }
        return Int(port)
    }

    /// What follows the authority; the end of the URL.
    mutating func path() throws(HTTPTransportError) -> String {
        defer { rest = rest.dropFirst(rest.count) }
        switch rest.first {
        case nil, UInt8(ascii: "/"), UInt8(ascii: "?"): break
        default:
            throw HTTPTransportError.invalidRequest(
                "the URL's host must be followed by a port, a path or nothing"
            )
        }
        guard rest.allSatisfy(Self.belongsInPath) else {
            throw HTTPTransportError.invalidRequest(
                "the URL holds a fragment, white space, a control character or one beyond ASCII"
            )
        }
        return (rest.first == UInt8(ascii: "/") ? "" : "/") + String(Substring(rest))
    }

    private static func endsHost(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: ":")
    }

    private static func belongsInPath(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "#") && byte != UInt8(ascii: "\\")
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
