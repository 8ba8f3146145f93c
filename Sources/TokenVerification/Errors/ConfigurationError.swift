/// Arguments that can't work, found when something is constructed.
///
/// The message says which one and what would do; it holds no secret.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// Which argument can't work, and what is accepted instead; it holds no secret.
    public let message: String

    /// Makes an error.
    ///
    /// - Parameter message: which argument can't work, and what is accepted instead. It must hold no secret, since it
    ///   is printed.
    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}
