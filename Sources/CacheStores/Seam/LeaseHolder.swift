/// The identity of a lease's holder: sixteen random bytes, made anew for each piece of work.
///
/// A holder whose lease has ended can't release the lease of the next holder by mistake.
public struct LeaseHolder: Sendable, Hashable {
    private let words: (UInt64, UInt64)

    /// A new holder, unlike every other.
    public init() {
        words = (.random(in: .min ... .max), .random(in: .min ... .max))
    }

    /// The holder's sixteen bytes.
    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    public static func == (left: Self, right: Self) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}
