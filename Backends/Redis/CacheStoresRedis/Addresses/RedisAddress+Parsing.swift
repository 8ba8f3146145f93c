#if Redis
import CacheStores
import Foundation

extension RedisAddress {
    private static let forms = """
        redis://[[user:]password@]host[:port][/database], redis+unix:///path[?db=number], \
        redis+sentinel://host[:port],…/service[/database] or redis+cluster://host[:port],…; \
        with rediss in place of redis the connections are encrypted
        """

    /// Reads an address.
    ///
    /// - Parameter text: the address; user and password are percent-encoded where they hold `:`, `/`, `@` or `%`.
    /// - Throws: `StoreError` of code `invalidConfiguration`; its message repeats nothing of the text.
    init(_ text: String) throws(StoreError) {
        guard let separator = text.range(of: "://", options: .literal) else {
            throw Self.wrong("has no scheme")
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        let (credentials, rest) = Self.split(text[separator.upperBound...])
        switch scheme {
        case "redis", "rediss": try self.init(hostForm: rest)
        case "redis+unix": try self.init(socketForm: rest)
        case "redis+sentinel", "rediss+sentinel": try self.init(sentinelForm: rest)
        case "redis+cluster", "rediss+cluster": try self.init(clusterForm: rest)
        default: throw Self.wrong("has an unknown scheme")
        }
        isEncrypted = scheme.hasPrefix("rediss")
        try setCredentials(credentials)
    }

    private init(hostForm text: Substring) throws(StoreError) {
        let (host, path) = Self.hostsAndPath(text)
        site = .server(try Self.endpoint(host, defaultPort: 6379))
        try setDatabase(path)
    }

    private init(socketForm text: Substring) throws(StoreError) {
        let question = text.utf8.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        guard text.hasPrefix("/"), let path = text[..<question].removingPercentEncoding else {
            throw Self.wrong("needs the absolute path of a socket")
        }
        site = .server(.socket(path: path))
        let query = text[question...].dropFirst()
        guard !query.isEmpty else { return }
        guard query.hasPrefix("db=") else { throw Self.wrong("has a parameter other than db") }
        try setDatabase(query.dropFirst(3))
    }

    private init(sentinelForm text: Substring) throws(StoreError) {
        let (hosts, path) = Self.hostsAndPath(text)
        let parts = path.split("/")
        guard let service = parts.first?.removingPercentEncoding, !service.isEmpty else {
            throw Self.wrong("names no service")
        }
        site = .sentinels(try Self.endpoints(hosts, defaultPort: 26379), service: service)
        if parts.count == 2 { try setDatabase(parts[1]) }
    }

    private init(clusterForm text: Substring) throws(StoreError) {
        let (hosts, path) = Self.hostsAndPath(text)
        site = .cluster(try Self.endpoints(hosts, defaultPort: 6379))
        try setDatabase(path)
        guard database == 0 else { throw Self.wrong("names a database, but a cluster has only database 0") }
    }

    private static func split(_ text: Substring) -> (credentials: Substring?, rest: Substring) {
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return (nil, text) }
        return (text[..<at], text[text.utf8.index(after: at)...])
    }

    private static func hostsAndPath(_ text: Substring) -> (hosts: Substring, path: Substring) {
        let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex
        return (text[..<slash], text[slash...].dropFirst())
    }

    private mutating func setCredentials(_ text: Substring?) throws(StoreError) {
        guard let text else { return }
        let parts = text.split(":")
        let decoded = parts.map(\.removingPercentEncoding)
        guard let last = decoded.last ?? nil, let first = decoded.first ?? nil,
            !text.utf8.contains(UInt8(ascii: "/"))
        else { throw Self.wrong("has a user or password that is not percent-encoded") }
        guard !(text + first + last).unicodeScalars.contains(where: Self.isLeftover) else {
            throw Self.wrong(
                "has a control character, a line break or a byte-order mark in its user or password"
            )
        }
        password = last
        if parts.count == 2, !first.isEmpty { user = first }
    }

    /// What an editor or a shell leaves behind, and no password has.
    private static func isLeftover(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0xFEFF: true
        default: false
        }
    }

    private mutating func setDatabase(_ text: Substring) throws(StoreError) {
        guard !text.isEmpty else { return }
        guard let number = UInt16(text) else {
            throw Self.wrong("needs a number from 0 to 65535 as its database")
        }
        database = Int(number)
    }

    private static func endpoints(
        _ text: Substring,
        defaultPort: Int
    ) throws(StoreError) -> [RedisEndpoint] {
        var endpoints: [RedisEndpoint] = []
        for host in text.split(separator: ",", omittingEmptySubsequences: false) {
            endpoints.append(try endpoint(host, defaultPort: defaultPort))
        }
        return endpoints
    }

    private static func endpoint(_ text: Substring, defaultPort: Int) throws(StoreError) -> RedisEndpoint {
        var host = text
        var port = defaultPort
        if let colon = text.lastIndex(of: ":"), text.hasPrefix("[") == (text[..<colon].last == "]") {
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else {
                // The text is not repeated: where the host is missing it is a password.
                throw wrong("needs a number from 1 to 65535 as its port")
            }
            host = text[..<colon]
            port = Int(number)
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        let forbidden: Set<Character> =
            isBracketed ? [",", "?", "#", "[", "]"] : [",", "?", "#", "[", "]", ":"]
        guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !host.contains(where: forbidden.contains)
        else { throw wrong("needs a host name or an IP address") }
        return .host(String(host), port: port)
    }

    private static func wrong(_ what: String) -> StoreError {
        StoreError(
            code: .invalidConfiguration,
            message: "the Redis address \(what); it must have the form \(forms)"
        )
    }
}

extension Substring {
    /// The parts before and after the first of a byte; all of it if there is none.
    ///
    /// Not by characters: a colon and a combining mark are one, and still a colon.
    fileprivate func split(_ separator: Unicode.Scalar) -> [Substring] {
        utf8.split(separator: UInt8(ascii: separator), maxSplits: 1, omittingEmptySubsequences: false)
            .map(Substring.init)
    }
}
#endif
