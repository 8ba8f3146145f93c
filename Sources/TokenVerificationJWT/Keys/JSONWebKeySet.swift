public import TokenVerification

/// An issuer's public keys (RFC 7517 §5).
///
/// Keys that can't be used are skipped and counted: one odd key does not take the others with it.
public struct JSONWebKeySet: Sendable {
    /// The largest set that is read, in bytes.
    public static let maximumSize = 1 << 20
    /// The largest number of keys in a set, usable or not.
    public static let maximumCount = 1_000

    /// The keys that can be used.
    public let keys: [JSONWebKey]
    /// How many keys were skipped, by the reason.
    public let skipped: [JSONWebKey.Flaw: Int]

    /// The places of keys by their names; those of keys without a name under `nil`.
    private let places: [ExactText?: [Int]]
    private let thumbprints: Set<String>

    /// Reads a set.
    ///
    /// - Parameter bytes: the set's JSON text.
    /// - Throws: `ConfigurationError` if it is not one JSON object with an array `keys` (no name twice, UTF-8), or is
    ///   larger than ``maximumSize`` or ``maximumCount``.
    public init(json bytes: [UInt8]) throws(ConfigurationError) {
        guard bytes.count <= Self.maximumSize else {
            throw ConfigurationError(
                "a key set must have at most \(Self.maximumSize) bytes, not \(bytes.count)"
            )
        }
        guard let members = try? Claims(json: bytes) else {
            throw ConfigurationError("a key set must be one JSON object in which no name occurs twice")
        }
        guard let elements = members["keys"]?.array else {
            throw ConfigurationError("a key set must have an array \"keys\"")
        }
        guard elements.count <= Self.maximumCount else {
            throw ConfigurationError(
                "a key set must have at most \(Self.maximumCount) keys, not \(elements.count)"
            )
        }
        var keys: [JSONWebKey] = []
        var skipped: [JSONWebKey.Flaw: Int] = [:]
        for element in elements {
            do throws(JSONWebKey.Flaw) {
                guard let members = element.object else { throw .malformed }
                keys.append(try JSONWebKey(members))
            } catch {
                skipped[error, default: 0] += 1
            }
        }
        self.init(keys, skipped: skipped)
    }

    /// A set of given keys.
    public init(_ keys: [JSONWebKey]) {
        self.init(keys, skipped: [:])
    }

    private init(_ keys: [JSONWebKey], skipped: [JSONWebKey.Flaw: Int]) {
        self.keys = keys
        self.skipped = skipped
        places = Dictionary(grouping: keys.indices) { keys[$0].keyID.map { ExactText($0) } }
        thumbprints = Set(keys.map(\.thumbprint))
    }

    /// Whether a key is in the set.
    ///
    /// - Parameter thumbprint: the key's thumbprint (``JSONWebKey/thumbprint``).
    /// - Returns: true if one of the usable keys has it.
    public func contains(thumbprint: String) -> Bool { thumbprints.contains(thumbprint) }

    /// The keys that may have signed a token.
    ///
    /// - Parameters:
    ///   - algorithm: the token's algorithm.
    ///   - keyID: the name of the key, if the token has one: then only keys of that name count.
    /// - Returns: the keys whose type, use and algorithm fit.
    func candidates(for algorithm: SigningAlgorithm, named keyID: String?) -> [JSONWebKey] {
        guard let keyID else { return keys.filter { $0.fits(algorithm) } }
        return (places[ExactText(keyID)] ?? []).map { keys[$0] }.filter { $0.fits(algorithm) }
    }
}
