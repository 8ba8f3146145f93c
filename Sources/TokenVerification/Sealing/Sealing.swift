/// How answers are protected in a store of bytes.
///
/// An answer is encrypted with a key that only the token's holder can derive, so the store's content tells neither
/// tokens nor claims. Whether a *writer* to the store can forge answers depends on the choice.
public struct Sealing: Sendable {
    enum Mode: UInt8, Sendable {
        case off
        case tokenOnly
        case secret
    }

    let mode: Mode
    /// The secrets that open records; the first seals them.
    package let secrets: [SealingSecret]

    /// Protects against readers and writers of the store.
    ///
    /// To change the secret without losing answers: give every process the new one as a previous one first, then
    /// make it current and keep the old one as previous, then drop the old one after a time to live.
    ///
    /// - Parameters:
    ///   - current: the secret that seals.
    ///   - previous: secrets that still open what they sealed.
    /// - Returns: the sealing.
    public static func secret(_ current: SealingSecret, previous: [SealingSecret] = []) -> Sealing {
        Sealing(mode: .secret, secrets: [current] + previous)
    }

    /// Protects against readers and writers of the store, by secrets that are texts.
    ///
    /// - Parameters:
    ///   - current: the secret that seals; at least 32 bytes, such as 64 random hexadecimal digits.
    ///   - previous: secrets that still open what they sealed.
    /// - Returns: the sealing.
    /// - Throws: ``ConfigurationError`` for a secret that is too short or has a control character.
    public static func secret(
        _ current: String,
        previous: [String] = []
    ) throws(ConfigurationError) -> Sealing {
        var secrets = [try SealingSecret(current)]
        for (index, text) in previous.enumerated() {
            do {
                secrets.append(try SealingSecret(text))
            } catch {
                throw ConfigurationError("previous[\(index)]: \(error.message)")
            }
        }
        return Sealing(mode: .secret, secrets: secrets)
    }

    /// Protects against readers of the store, but not against writers: a writer can plant an answer for a token of its
    /// own choice.
    public static let tokenOnly = Sealing(mode: .tokenOnly, secrets: [.absent])

    /// Protects against damage only: claims lie in the store in plain text.
    public static let off = Sealing(mode: .off, secrets: [])
}
