import Crypto
import Foundation
import Synchronization

/// An issuer of signed tokens, which changes its keys now and then.
///
/// Its set has two keys: the one that signs, and the one that signed before.
final class SigningIssuer: Sendable {
    static let name = "https://issuer.example"

    private struct State {
        /// All keys there ever were; the last one signs.
        var keys = [P256.Signing.PrivateKey()]
        /// When the set began to hold each key.
        var published = [ContinuousClock.now]
    }

    private let state = Mutex(State())

    /// The key set (RFC 7517), as it is now.
    var keySet: String {
        let keys = state.withLock { Array($0.keys.enumerated().suffix(2)) }
        let texts = keys.map { generation, key in
            let point = key.publicKey.rawRepresentation
            let (x, y) = (Self.encoded(point.prefix(32)), Self.encoded(point.suffix(32)))
            return #"{"kty":"EC","crv":"P-256","kid":"k\#(generation)","x":"\#(x)","y":"\#(y)"}"#
        }
        return #"{"keys":[\#(texts.joined(separator: ","))]}"#
    }

    /// Signs with a new key from now on, and takes the key before the last one out of the set.
    func changeKeys() {
        state.withLock { state in
            state.keys.append(P256.Signing.PrivateKey())
            state.published.append(.now)
        }
    }

    /// When the set began to hold a key, and when it ceased to, if it did.
    func life(of generation: Int) -> KnownToken.KeyLife {
        state.withLock { state in
            let end = generation + 2
            return KnownToken.KeyLife(
                published: state.published[generation],
                removed: end < state.published.count ? state.published[end] : nil
            )
        }
    }

    /// A token of the present key, and the number of that key.
    func token(for subject: String, expiresIn seconds: Int) throws -> (text: String, generation: Int) {
        let (key, generation) = state.withLock { ($0.keys[$0.keys.count - 1], $0.keys.count - 1) }
        return (
            try Self.token(for: subject, expiresIn: seconds, by: key, named: "k\(generation)"), generation
        )
    }

    /// A token that no key of the issuer signed; it names the present key, or one that does not exist.
    func forgedToken(for subject: String, naming name: String?) throws -> String {
        let present = state.withLock { "k\($0.keys.count - 1)" }
        let key = P256.Signing.PrivateKey()
        return try Self.token(for: subject, expiresIn: 3600, by: key, named: name ?? present)
    }

    private static func token(
        for subject: String,
        expiresIn seconds: Int,
        by key: P256.Signing.PrivateKey,
        named name: String
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let header = #"{"alg":"ES256","kid":"\#(name)"}"#
        let payload =
            #"{"iss":"\#(Self.name)","aud":"api","sub":"\#(subject)","scope":"read","iat":\#(now),"exp":\#(now + seconds)}"#
        let input = encoded(Data(header.utf8)) + "." + encoded(Data(payload.utf8))
        return input + "." + encoded(try key.signature(for: Data(input.utf8)).rawRepresentation)
    }

    private static func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
