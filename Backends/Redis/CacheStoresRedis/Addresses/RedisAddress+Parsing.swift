import CacheStores
import Foundation

extension RedisAddress {
    private static let forms =
        "redis://[[user:]password@]host[:port][/database], rediss://… or redis+unix:///path[?db=number]"

    /// Reads an address.
    ///
    /// - Parameter text: the address; user and password are percent-encoded where they hold `:`, `/`, `@` or `%`.
    /// - Throws: `StoreError` of code `invalidConfiguration`, which repeats nothing of the text.
    init(_ text: String) throws(StoreError) {
        guard let separator = text.range(of: "://") else { throw Self.wrong("no scheme") }
        let rest = text[separator.upperBound...]
        switch text[..<separator.lowerBound].lowercased() {
        case "redis": try self.init(hostForm: rest, isEncrypted: false)
        case "rediss": try self.init(hostForm: rest, isEncrypted: true)
        case "redis+unix": try self.init(socketForm: rest)
        default: throw Self.wrong("an unknown scheme")
        }
    }

    private init(hostForm text: Substring, isEncrypted: Bool) throws(StoreError) {
        let (credentials, remainder) = Self.split(text)
        let slash = remainder.firstIndex(of: "/") ?? remainder.endIndex
        let (host, port) = try Self.hostAndPort(remainder[..<slash])
        place = .host(host, port: port, isEncrypted: isEncrypted)
        try setCredentials(credentials)
        let database = remainder[slash...].dropFirst()
        if !database.isEmpty { self.database = try Self.database(database) }
    }

    private init(socketForm text: Substring) throws(StoreError) {
        let (credentials, remainder) = Self.split(text)
        let question = remainder.firstIndex(of: "?") ?? remainder.endIndex
        guard remainder.hasPrefix("/"), let path = remainder[..<question].removingPercentEncoding else {
            throw Self.wrong("no absolute path of a socket")
        }
        place = .socket(path: path)
        try setCredentials(credentials)
        let query = remainder[question...].dropFirst()
        guard !query.isEmpty else { return }
        guard query.hasPrefix("db=") else { throw Self.wrong("an unknown parameter") }
        database = try Self.database(query.dropFirst(3))
    }

    private static func split(_ text: Substring) -> (credentials: Substring?, rest: Substring) {
        guard let at = text.lastIndex(of: "@") else { return (nil, text) }
        return (text[..<at], text[text.index(after: at)...])
    }

    private mutating func setCredentials(_ text: Substring?) throws(StoreError) {
        guard let text else { return }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let decoded = parts.map(\.removingPercentEncoding)
        guard let last = decoded.last ?? nil, let first = decoded.first ?? nil, !text.contains("/") else {
            throw Self.wrong("credentials that are not percent-encoded")
        }
        password = last
        if parts.count == 2, !first.isEmpty { user = first }
    }

    private static func hostAndPort(_ text: Substring) throws(StoreError) -> (String, Int) {
        var host = text
        var port = 6379
        if let colon = text.lastIndex(of: ":"), text.hasPrefix("[") == (text[..<colon].last == "]") {
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else {
                throw wrong("a port that is none")
            }
            host = text[..<colon]
            port = Int(number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw wrong("no host")
        }
        return (String(host), port)
    }

    private static func database(_ text: Substring) throws(StoreError) -> Int {
        guard let number = UInt16(text) else { throw wrong("a database that is no number") }
        return Int(number)
    }

    private static func wrong(_ what: String) -> StoreError {
        StoreError(
            code: .invalidConfiguration,
            message: "the Redis address has \(what); it has the form \(forms)"
        )
    }
}
