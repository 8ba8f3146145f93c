/// Who holds a lease: sixteen random bytes, made anew for each piece of work.
///
/// Whoever comes too late, after its lease ended and another took it, can't give that one back by mistake.
public struct LeaseHolder: Sendable, Hashable {
    private let words: (UInt64, UInt64)

    /// A holder that is nobody else.
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
