#if Redis
/// A user and a password at some servers; neither is ever printed.
public struct RedisCredentials: Sendable, Hashable {
    /// The user; `nil` for the default user.
    public var user: String?
    /// The password.
    public var password: String

    /// Makes credentials.
    ///
    /// - Parameters:
    ///   - user: the user; `nil` for the default user.
    ///   - password: the password, as it is: nothing is percent-decoded.
    public init(user: String? = nil, password: String) {
        self.user = user
        self.password = password
    }
}

extension RedisCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "RedisCredentials" }

    public var debugDescription: String { description }

    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
#endif
