import Hummingbird
import TokenVerification

/// What a `POST /forget` is about: one of a token, a subject and a client.
enum ForgetForm {
    case token(BearerToken)
    case subject(String)
    case client(String)

    private struct Fields: Decodable {
        enum CodingKeys: String, CodingKey {
            case token, subject
            case clientID = "client_id"
        }

        let token: String?
        let subject: String?
        let clientID: String?
    }

    /// Reads a form.
    ///
    /// - Parameter body: the form, as it was sent.
    /// - Throws: `HTTPError`, which shows nothing of the form: it can hold a token.
    init(_ body: String) throws(HTTPError) {
        guard let fields = try? URLEncodedFormDecoder().decode(Fields.self, from: body) else {
            throw HTTPError(.badRequest, message: "the form can't be read, or has a field more than once")
        }
        switch (fields.token, fields.subject, fields.clientID) {
        case (let text?, nil, nil):
            guard let token = try? BearerToken(text) else {
                throw HTTPError(.badRequest, message: "the form field token holds no bearer token")
            }
            self = .token(token)
        case (nil, let subject?, nil) where !subject.isEmpty: self = .subject(subject)
        case (nil, nil, let client?) where !client.isEmpty: self = .client(client)
        default:
            throw HTTPError(.badRequest, message: "one field is needed: token, subject or client_id")
        }
    }
}
