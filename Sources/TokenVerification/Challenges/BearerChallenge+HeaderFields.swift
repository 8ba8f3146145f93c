import HTTPTransports
public import HTTPTypes

extension BearerChallenge {
    /// `WWW-Authenticate` or `Retry-After`, and `Cache-Control`, since the next answer may be another.
    public var headerFields: HTTPFields {
        var fields: HTTPFields = [.cacheControl: "no-store"]
        if let retryAfter {
            // Whole seconds (RFC 9110 §10.2.3), and never too few.
            fields[.retryAfter] = String(retryAfter > .zero ? retryAfter.secondsRoundedUp : 0)
        } else {
            fields[.wwwAuthenticate] = "Bearer " + parameters.joined(separator: ", ")
        }
        return fields
    }

    /// The challenge's parameters; RFC 6750 §3 wants at least one, so the realm is always there.
    private var parameters: [String] {
        var parameters = ["realm=\(Self.quoted(realm))"]
        if let code { parameters.append("error=\(Self.quoted(code.rawValue))") }
        if let explanation { parameters.append("error_description=\(Self.quoted(explanation))") }
        if !scopes.isEmpty {
            parameters.append("scope=\(Self.quoted(scopes.sorted().joined(separator: " ")))")
        }
        if let resourceMetadata, status != .badRequest {
            parameters.append("resource_metadata=\(Self.quoted(resourceMetadata))")
        }
        return parameters
    }

    /// A quoted string (RFC 9110 §5.6.4) that can't be left: no quote, back-slash, line break or non-ASCII inside.
    private static func quoted(_ text: String) -> String {
        let allowed = text.utf8.filter { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        return "\"\(String(decoding: allowed, as: UTF8.self))\""
    }
}
