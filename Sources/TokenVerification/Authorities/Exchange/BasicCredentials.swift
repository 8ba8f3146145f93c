#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The `Authorization` field of HTTP Basic authentication (RFC 7617).
enum BasicCredentials {
    static func headerValue(_ clientID: String, _ secret: String) -> String {
        "Basic " + Data("\(clientID):\(secret)".utf8).base64EncodedString()
    }
}
