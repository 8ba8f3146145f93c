import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// An issuer of signed tokens, whose key set a server of this process has.
struct FakeIssuer: Sendable {
    static let name = "https://issuer.example"

    private let key = P256.Signing.PrivateKey()

    /// Serves `/keys` while a test runs, and hands it the server's address.
    func run(test: (String) async throws -> Void) async throws {
        let point = key.publicKey.rawRepresentation
        let (x, y) = (Self.encoded(point.prefix(32)), Self.encoded(point.suffix(32)))
        let set = #"{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"\#(x)","y":"\#(y)"}]}"#
        let router = Router()
        router.get("keys") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: set))
            )
        }
        try await FakeServer.run(router, test: test)
    }

    /// A token of this issuer, or of one that it claims to be.
    func token(issuer: String = FakeIssuer.name, permission: String) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let payload =
            #"{"iss":"\#(issuer)","aud":"api","sub":"carol","iat":\#(now),"exp":\#(now + 600),"#
            + #""jti":"\#(UUID().uuidString)","permissions":["\#(permission)"]}"#
        let input = [#"{"alg":"ES256","kid":"k"}"#, payload].map { Self.encoded(Data($0.utf8)) }
            .joined(separator: ".")
        return input + "." + Self.encoded(try key.signature(for: Data(input.utf8)).rawRepresentation)
    }

    private static func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=",
            with: ""
        )
    }
}
