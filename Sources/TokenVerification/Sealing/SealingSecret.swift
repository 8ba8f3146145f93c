import Crypto

/// A secret of the deployment that seals cached answers, so that none can be forged by writing to the store.
///
/// Every process that shares a store needs the same secret. It hides its content from every way of printing.
public struct SealingSecret: Sendable {
    /// The fewest bytes that make a secret.
    public static let minimumLength = 32

    /// Names the secret in a record: four bytes of a one-way function of it, so that a reader knows at once
    /// which of several secrets opens the record.
    package let identifier: UInt32

    /// The secret as HMAC's key: itself, or its digest if it is longer than a block (RFC 2104 §2).
    let bytes: SymmetricKey

    /// Makes a secret of random bytes.
    ///
    /// - Parameter bytes: at least 32 bytes, from a good source of randomness.
    /// - Throws: ``ConfigurationError`` if there are fewer.
    public init(_ bytes: some Collection<UInt8>) throws(ConfigurationError) {
        guard bytes.count >= Self.minimumLength else {
            throw ConfigurationError(
                "a sealing secret needs at least \(Self.minimumLength) bytes, not \(bytes.count); "
                    + "`openssl rand -hex 32` makes a good one"
            )
        }
        self.init(salt: SymmetricKey(data: Array(bytes)))
    }

    /// Makes a secret of a text's UTF-8.
    ///
    /// Line breaks at the end are dropped.
    ///
    /// - Parameter text: at least 32 bytes, such as 64 random hexadecimal digits.
    /// - Throws: ``ConfigurationError`` if there are fewer, or for a byte-order mark or another control character.
    public init(_ text: String) throws(ConfigurationError) {
        try self.init(content: Array(text.utf8))
    }

    /// Makes a secret of what a file holds: a text in UTF-8, without the line breaks at its end, or random bytes.
    ///
    /// - Parameter content: at least 32 bytes. What is not UTF-8 is random bytes, and every one of them counts.
    /// - Throws: ``ConfigurationError`` if there are fewer, or for a text with a byte-order mark or another control
    ///   character.
    public init(content: [UInt8]) throws(ConfigurationError) {
        try self.init(SecretText.bytes(content, as: "the sealing secret"))
    }

    private init(salt: SymmetricKey) {
        let isLong = salt.bitCount > SHA256.blockByteCount * 8
        bytes = isLong ? salt.withUnsafeBytes { SymmetricKey(data: SHA256.hash(data: $0)) } : salt
        let name = Array("token-verification secret identifier".utf8)
        let code = HMAC<SHA256>.authenticationCode(for: name, using: salt)
        identifier = code.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }.littleEndian
    }

    /// What takes a secret's place where only the token protects a record: HKDF's empty salt.
    static let absent = SealingSecret(salt: SymmetricKey(data: [UInt8](repeating: 0, count: 32)))
}

extension SealingSecret: HiddenText {}
