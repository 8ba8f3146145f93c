/// The bounds of one exchange.
public struct HTTPExchangeLimits: Sendable, Hashable {
    /// The time from the call to the last byte of the response.
    public var deadline: Duration
    /// The largest response body that is accepted, in bytes after decoding; enforced while it streams in.
    public var maximumBodySize: Int

    public init(deadline: Duration = .seconds(10), maximumBodySize: Int = 64 * 1024) {
        self.deadline = deadline
        self.maximumBodySize = maximumBodySize
    }
}
