/// A verified token and where its answer came from.
public struct Verification: Sendable, Equatable {
    /// Where an answer came from.
    public enum Source: String, Sendable, CaseIterable {
        /// This process's memory: a store that lies there, or a copy of a shared store's entry.
        case memory
        /// A store outside of this process.
        case store
        /// A question to the authority that this call asked.
        case authority
        /// A question to the authority that another call had asked already.
        case sharedFlight
        /// An old answer, since the authority is unavailable.
        case stale
    }

    /// What the authority said of the token.
    public let token: VerifiedToken
    /// Where the answer came from.
    public let source: Source

    /// Makes a verification, such as for a verifier of your own or a test.
    ///
    /// - Parameters:
    ///   - token: what the authority said of the token.
    ///   - source: where the answer came from.
    public init(token: VerifiedToken, source: Source) {
        self.token = token
        self.source = source
    }
}
