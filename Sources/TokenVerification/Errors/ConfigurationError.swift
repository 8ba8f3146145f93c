/// Arguments that can't work, found when something is constructed.
///
/// The message says which one and what would do; it holds no secret.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}
