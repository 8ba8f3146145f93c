#if Redis
/// A user and a password at some servers; neither is ever printed.
public struct RedisCredentials: Sendable, Hashable {
    /// The user; `nil` for the default user.
    public var user: String?
    public var password: String

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
