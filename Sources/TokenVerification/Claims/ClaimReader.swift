/// Reads claims that must have a certain type.
package struct ClaimReader {
    private let claims: Claims
    private let flaw: VerificationError.Reason
    private let ignoresNull: Bool

    /// - Parameters:
    ///   - claims: the claims.
    ///   - flaw: the reason of the error for a claim of another type.
    ///   - ignoresNull: whether a claim that is null is an absent one.
    package init(_ claims: Claims, flaw: VerificationError.Reason, ignoresNull: Bool = false) {
        self.claims = claims
        self.flaw = flaw
        self.ignoresNull = ignoresNull
    }

    /// A claim of any type, or `nil`.
    package subscript(name: String) -> ClaimValue? {
        let value = claims[name]
        return ignoresNull && value == .null ? nil : value
    }

    /// A claim that is a text.
    package func text(_ name: String) throws(VerificationError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw error(name) }
        return text
    }

    /// A claim that is one text, which is split, or an array of texts.
    package func texts(
        _ name: String,
        splitting: (String) -> [String]
    ) throws(VerificationError) -> [String]? {
        guard let value = self[name] else { return nil }
        if let text = value.string { return splitting(text) }
        guard case .array(let elements) = value else { throw error(name) }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { throw error(name) }
        return texts
    }

    /// The error for a claim that is not as it must be.
    package func error(_ name: String) -> VerificationError {
        VerificationError(flaw, detail: .member(name))
    }
}
