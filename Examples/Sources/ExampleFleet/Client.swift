import Foundation
package import HTTPTransports
package import HTTPTypes
import TokenVerificationTestSupport

/// Asks one server of the examples.
package struct Client: Sendable {
    package let address: String
    private let transport: CurlTransport

    package init(_ address: String) throws {
        self.address = address
        transport = try CurlTransport()
    }

    /// Sends a request and returns the answer, whatever it is.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - path: path and query.
    ///   - authorization: the `Authorization` field, if any.
    ///   - fields: further header fields.
    ///   - form: the fields of a form to send.
    /// - Returns: the answer.
    /// - Throws: `HTTPTransportError` if there is none.
    package func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        authorization: String? = nil,
        fields: KeyValuePairs<String, String> = [:],
        form: KeyValuePairs<String, String> = [:]
    ) async throws -> HTTPReply {
        var request = try HTTPEndpoint(address).request(method)
        request.path = path
        if let authorization { request.headerFields[.authorization] = authorization }
        for (name, value) in fields {
            guard let name = HTTPField.Name(name) else { continue }
            request.headerFields.append(HTTPField(name: name, value: value))
        }
        if !form.isEmpty { request.headerFields[.contentType] = "application/x-www-form-urlencoded" }
        return try await transport.response(
            to: request,
            body: Array(Self.encoded(form).utf8),
            limits: HTTPExchangeLimits(deadline: .seconds(30))
        )
    }

    package func close() async {
        await transport.shutdown()
    }

    private static func encoded(_ form: KeyValuePairs<String, String>) -> String {
        form.map { "\($0)=\($1.percentEncoded)" }.joined(separator: "&")
    }
}
