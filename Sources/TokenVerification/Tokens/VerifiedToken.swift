public import CacheStores

/// What an authority said about a token that it accepts.
///
/// It is the answer, not a decision: whether the scopes, the audience or the age satisfy a server is checked by
/// ``TokenRequirements`` each time the token is used. It never holds the token's text and prints no claims.
///
/// Texts are compared byte by byte. Swift's `==` on `String` is not: it takes the Kelvin sign for the letter K. Code
/// that decides by a subject or a client compares `utf8`.
///
/// Copies share one object, so passing one around costs one reference.
public struct VerifiedToken: Sendable {
    private final class Storage: Sendable {
        let kind: TokenKind
        let content: Content
        init(_ content: Content) {
            self.content = content
            kind = TokenKind(content.claims)
        }
    }

    /// The properties of a token, for making one.
    ///
    /// What is read for every hit comes first, so that it lies on the same cache lines.
    public struct Content: Sendable {
        /// When the question that brought this answer **began**.
        public var verifiedAt: Timestamp
        /// The moment from which on the token is invalid (RFC 7519 §4.1.4: on or after); `nil` if the authority did not
        /// say.
        public var expiry: Timestamp?
        /// The scopes, in the form in which they are kept and compared.
        var scopeList: ScopeList?
        /// When the token was issued (RFC 7662 §2.2 `iat`); `nil` if the authority did not say.
        public var issuedAt: Timestamp?
        /// The moment from which on the token is valid (RFC 7662 §2.2 `nbf`); `nil` if the authority did not say.
        public var notBefore: Timestamp?
        /// The user or service that the token speaks for; RFC 7662 `sub`, or GitHub's numeric user id as text.
        public var subject: String?
        /// The client that the token was issued to; `nil` if the authority did not say.
        public var clientID: String?
        /// A name that a person would recognise; RFC 7662 `username`, or GitHub's login.
        public var username: String?
        /// The issuer of the token; RFC 7662 `iss`.
        public var issuer: String?
        /// The services that the token is meant for; empty if the authority did not say.
        public var audiences: [String] = []
        /// Everything the authority said, encoded.
        public var claims: Claims

        /// Makes the properties of a token of which only the claims are known; set what else the authority said.
        ///
        /// Nothing is read from the claims here.
        ///
        /// - Parameters:
        ///   - verifiedAt: when the question began, not when it was answered.
        ///   - claims: everything the authority said.
        public init(verifiedAt: Timestamp, claims: Claims = Claims()) {
            self.verifiedAt = verifiedAt
            self.claims = claims
        }

        /// What the token allows; `nil` if the authority did not say, and then any required scope fails.
        ///
        /// The set is made each time that it is asked for. A `Set` of `String` compares by Unicode equivalence, so that
        /// two scopes can become one; ``orderedScopes`` keeps them apart. To decide about a scope, ask
        /// ``VerifiedToken/hasScope(_:)``.
        public var scopes: Set<String>? {
            get { scopeList?.set }
            set { scopeList = newValue.map { ScopeList(Array($0)) } }
        }

        /// What the token allows: each scope once, compared byte by byte and in the order of the bytes; `nil` if the
        /// authority did not say.
        ///
        /// What is set may have any order, and a scope several times.
        public var orderedScopes: [String]? {
            get { scopeList?.texts }
            set { scopeList = newValue.map { ScopeList($0) } }
        }
    }

    private let storage: Storage

    /// Makes a token of what an authority said.
    ///
    /// - Parameter content: the token's properties.
    public init(_ content: Content) {
        storage = Storage(content)
    }

    /// The token's properties, all at once.
    public var content: Content { storage.content }

    /// The user or service that the token speaks for (RFC 7662 §2.2 `sub`; GitHub's numeric id as text); `nil` if the
    /// authority did not say.
    public var subject: String? { storage.content.subject }
    /// The client that the token was issued to (RFC 7662 §2.2 `client_id`; the application of ``GitHubApplication``);
    /// `nil` if the authority did not say.
    public var clientID: String? { storage.content.clientID }
    /// A name that a person would recognise (RFC 7662 §2.2 `username`; GitHub's login); `nil` if the authority did not
    /// say.
    public var username: String? { storage.content.username }
    /// The issuer of the token (RFC 7662 §2.2 `iss`); `nil` if the authority did not say.
    public var issuer: String? { storage.content.issuer }
    /// What the token allows, in a set that is made each time; `nil` if the authority did not say.
    ///
    /// ``hasScope(_:)`` tells of one scope and makes none, and ``orderedScopes`` keeps apart what Unicode takes for the
    /// same.
    public var scopes: Set<String>? { storage.content.scopes }
    /// What the token allows: each scope once, compared byte by byte and in the order of the bytes; `nil` if the
    /// authority did not say.
    public var orderedScopes: [String]? { storage.content.orderedScopes }
    /// The services that the token is meant for (RFC 7662 §2.2 `aud`); empty if the authority did not say.
    public var audiences: [String] { storage.content.audiences }
    /// When the token was issued (RFC 7662 §2.2 `iat`); `nil` if the authority did not say.
    public var issuedAt: Timestamp? { storage.content.issuedAt }
    /// The moment from which on the token is valid (RFC 7662 §2.2 `nbf`); `nil` if the authority did not say.
    public var notBefore: Timestamp? { storage.content.notBefore }
    /// From this moment on the token is invalid (RFC 7519 §4.1.4); `nil` if the authority did not say.
    public var expiry: Timestamp? { storage.content.expiry }
    /// When the question began, not when it was answered.
    public var verifiedAt: Timestamp { storage.content.verifiedAt }
    /// Everything the authority said; a claim is decoded when it is asked for.
    public var claims: Claims { storage.content.claims }

    /// Whether the token has a scope, exactly as it is written; false if the authority did not say.
    public func hasScope(_ scope: String) -> Bool { scopeList?.contains(scope) ?? false }

    var scopeList: ScopeList? { storage.content.scopeList }

    /// What the claims say of the token's kind, read once.
    var kind: TokenKind { storage.kind }
}

extension VerifiedToken: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage || left.content == right.content
    }
}

extension VerifiedToken.Content: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        left.verifiedAt == right.verifiedAt && left.expiry == right.expiry
            && left.scopeList == right.scopeList
            && left.issuedAt == right.issuedAt && left.notBefore == right.notBefore
            && left.subject.isExactly(right.subject) && left.clientID.isExactly(right.clientID)
            && left.username.isExactly(right.username) && left.issuer.isExactly(right.issuer)
            && left.audiences.isExactly(right.audiences) && left.claims == right.claims
    }
}

extension VerifiedToken: HiddenText {}
extension VerifiedToken.Content: HiddenText {}
