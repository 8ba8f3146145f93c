import CacheStoresRedis
import Foundation
import Listening

extension GateConfiguration {
    static func store(_ root: SettingGroup) throws(CommandFailure) -> Store {
        guard let text = root.text(.storeAddress), text != "memory:" else { return .memory }
        guard !text.hasPrefix("sqlite:") else {
            return .sqlite(path: String(text.dropFirst("sqlite:".count)))
        }
        var place = RedisPlace(address: try redisAddress(text, root))
        if let namespace = root.text(.namespace) { place.namespace = namespace }
        if let shards = root.number(.shards) { place.shards = shards }
        let user = root.text(.sentinelUser)
        if let password = try root.secret(.sentinelPassword) {
            place.sentinelCredentials = RedisCredentials(user: user, password: password)
        } else if user != nil {
            throw .usage("\(root.origin(of: .sentinelUser)) needs \(root.call(.sentinelPassword))")
        }
        let client = try root.pair(.redisCertificate, .redisKey)
        place.tls = RedisTLS(
            certificateAuthorityFile: root.text(.redisAuthorities),
            certificateFile: client?.certificate,
            privateKeyFile: client?.key
        )
        return .redis(place)
    }

    /// The address with the password in it, which comes from a variable or a file.
    private static func redisAddress(_ text: String, _ root: SettingGroup) throws(CommandFailure) -> String {
        let origin = root.origin(of: .storeAddress)
        // A variable is as hidden as the password's own; an option and a file are not.
        let mayHavePassword = origin == Setting.storeAddress.variable
        let password = try root.secret(.redisPassword)
        guard let separator = text.range(of: "://", options: .literal) else { return text }
        let start = text[..<separator.upperBound]
        let rest = text[separator.upperBound...]
        guard let at = rest.utf8.lastIndex(of: UInt8(ascii: "@")) else {
            return password.map { "\(start):\(encoded($0))@\(rest)" } ?? text
        }
        let user = rest[..<at]
        // A colon and a combining mark are one character, and still a colon.
        let hasPassword = user.utf8.contains(UInt8(ascii: ":"))
        let needed = root.call(.redisPassword)
        if hasPassword, !mayHavePassword { throw .usage("\(origin): the password belongs into \(needed)") }
        guard let password else {
            // What stands there alone is a password.
            guard mayHavePassword else {
                throw .usage("\(origin): \(needed) is needed, since a user is named")
            }
            return text
        }
        guard !hasPassword else { throw .usage("\(origin) and \(needed) both hold a password") }
        return "\(start)\(user):\(encoded(password))\(rest[at...])"
    }

    private static func encoded(_ password: String) -> String {
        password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
