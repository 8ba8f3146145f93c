/// What an entry is found by: a 32-byte digest and nothing else.
///
/// A key is the output of a cryptographic hash such as SHA-256, so it reveals nothing of what was hashed and
/// two different inputs never share one.
public struct CacheKey: Sendable, Hashable {
    /// The length of a key in bytes.
    public static var byteCount: Int { 32 }

    /// The digest's bytes, eight at a time, in the machine's order.
    @usableFromInline
    package let words: (UInt64, UInt64, UInt64, UInt64)

    /// Makes a key of a digest.
    ///
    /// - Parameter digest: exactly 32 bytes; for any other number there is no key.
    public init?(_ digest: some Collection<UInt8>) {
        guard digest.count == Self.byteCount else { return nil }
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: digest) }
        self.words = words
    }

    /// Makes a key of a digest that is given as four words of memory.
    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// The digest.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    // Inlinable, since opening a record and looking a row up come by here: "verify, hit in SQLite, sealed".
    /// Calls a closure with the digest's 32 bytes.
    @inlinable
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Swift.withUnsafeBytes(of: words) { (bytes) throws(Failure) in try body(bytes) }
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}

extension CacheKey: CustomStringConvertible {
    /// The first four bytes in hexadecimal: enough to follow a key through a log.
    public var description: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.prefix(4).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) + "…"
    }
}

extension CacheKey: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}
