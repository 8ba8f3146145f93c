import Foundation
import Listening

extension GateConfiguration {
    /// A store in Redis; its password comes from the environment or a file.
    static func redis(
        _ value: Settings.Given,
        _ settings: Settings,
        _ secrets: Secrets
    ) throws(CommandFailure) -> Store {
        let namespace = settings.value(.namespace)?.text ?? "token-gate"
        let password = try secrets.text(.redis)
        guard let separator = value.text.range(of: "://", options: .literal) else {
            // Not repeated, since a password may be in it.
            throw .usage("\(value.origin): redis://HOST:PORT/DATABASE is needed")
        }
        let rest = value.text[separator.upperBound...]
        guard let at = rest.utf8.lastIndex(of: UInt8(ascii: "@")) else {
            guard let password else { return .redis(address: value.text, namespace: namespace) }
            return .redis(
                address: address(value.text, separator, ":" + encoded(password) + "@"),
                namespace: namespace
            )
        }
        let credentials = rest[..<at]
        // A colon and a combining mark are one character, and still a colon.
        let hasPassword = credentials.utf8.contains(UInt8(ascii: ":"))
        if value.origin == Setting.store.option, hasPassword {
            throw .usage(
                "\(value.origin): the password belongs into \(Secrets.Name.redis.variable) or its …_FILE"
            )
        }
        guard let password else {
            // What stands there alone is a password.
            guard value.origin != Setting.store.option else {
                throw .usage(
                    "\(value.origin): \(Secrets.Name.redis.variable) or its …_FILE is needed, since a user is named"
                )
            }
            return .redis(address: value.text, namespace: namespace)
        }
        guard !hasPassword else {
            throw .usage("\(value.origin) and \(Secrets.Name.redis.variable) both hold a password")
        }
        let user = String(credentials)
        let start = value.text[..<separator.upperBound]
        let address = start + user + ":" + encoded(password) + rest[at...]
        return .redis(address: String(address), namespace: namespace)
    }

    private static func address(
        _ text: String,
        _ separator: Range<String.Index>,
        _ credentials: String
    ) -> String {
        var text = text
        text.insert(contentsOf: credentials, at: separator.upperBound)
        return text
    }

    private static func encoded(_ password: String) -> String {
        password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
