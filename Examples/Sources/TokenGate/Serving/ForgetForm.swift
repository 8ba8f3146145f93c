import Hummingbird
import TokenVerification

/// What a `POST /forget` or `/revoke` is about: one of a token, a subject, a client and a session.
enum ForgetForm {
    case token(BearerToken)
    case subject(String)
    case client(String)
    case session(String)

    private struct Fields: Decodable {
        enum CodingKeys: String, CodingKey {
            case token, subject, session
            case clientID = "client_id"
        }

        let token: String?
        let subject: String?
        let clientID: String?
        let session: String?
    }

    /// Reads a form.
    ///
    /// - Parameter body: the form, as it was sent.
    /// - Throws: `HTTPError`, which shows nothing of the form: it can hold a token.
    init(_ body: String) throws(HTTPError) {
        guard let fields = try? URLEncodedFormDecoder().decode(Fields.self, from: body) else {
            throw HTTPError(.badRequest, message: "the form can't be read, or has a field more than once")
        }
        switch (fields.token, fields.subject, fields.clientID, fields.session) {
        case (let text?, nil, nil, nil):
            guard let token = try? BearerToken(text) else {
                throw HTTPError(.badRequest, message: "the form field token holds no bearer token")
            }
            self = .token(token)
        case (nil, let subject?, nil, nil) where !subject.isEmpty: self = .subject(subject)
        case (nil, nil, let client?, nil) where !client.isEmpty: self = .client(client)
        case (nil, nil, nil, let session?) where !session.isEmpty: self = .session(session)
        default:
            throw HTTPError(.badRequest, message: "one field is needed: token, subject, client_id or session")
        }
    }
}
