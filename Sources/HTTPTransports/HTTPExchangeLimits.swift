/// The bounds of one exchange.
public struct HTTPExchangeLimits: Sendable, Hashable {
    /// The time from the call to the last byte of the response.
    public var deadline: Duration
    /// The largest response body that is accepted, in bytes after decoding; enforced while it streams in.
    public var maximumBodySize: Int
    /// Whether plain `http` may be spoken to a host other than this machine.
    ///
    /// - Warning: Tokens and client secrets then cross the network in clear text, and an answer can be forged: every
    ///   machine on the way can read the one and send the other. Allow it only for an authority in a network of your
    ///   own.
    public var allowsPlainHTTP: Bool

    /// Makes limits; nothing is checked here.
    ///
    /// - Parameters:
    ///   - deadline: the time from the call to the last byte of the response, 10 s by default.
    ///   - maximumBodySize: the largest response body that is accepted, in bytes after decoding, 65536 by default.
    ///   - allowsPlainHTTP: whether plain `http` may be spoken to a host other than this machine, by default not.
    public init(
        deadline: Duration = .seconds(10),
        maximumBodySize: Int = 64 * 1024,
        allowsPlainHTTP: Bool = false
    ) {
        self.deadline = deadline
        self.maximumBodySize = maximumBodySize
        self.allowsPlainHTTP = allowsPlainHTTP
    }
}
