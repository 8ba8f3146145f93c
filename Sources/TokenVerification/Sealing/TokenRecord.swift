package import CacheStores

/// A verified token as bytes, without the moment of its verification, which a record's header bears.
///
/// A byte of flags tells which of the optional properties follow, in the order of ``Field``; then come the
/// audiences and, up to the end, the claims.
package struct TokenRecord {
    private struct Field: OptionSet {
        let rawValue: UInt8
        static let subject = Field(rawValue: 1)
        static let clientID = Field(rawValue: 2)
        static let username = Field(rawValue: 4)
        static let issuer = Field(rawValue: 8)
        static let scopes = Field(rawValue: 16)
        static let issuedAt = Field(rawValue: 32)
        static let notBefore = Field(rawValue: 64)
        static let expiry = Field(rawValue: 128)
    }

    package static func encode(_ token: VerifiedToken) -> [UInt8] {
        let content = token.content
        var fields = Field()
        var body = ByteWriter(reserving: content.claims.encoded.count + 128)
        func write(_ field: Field, _ text: String?) {
            guard let text else { return }
            fields.insert(field)
            body.write(text)
        }
        write(.subject, content.subject)
        write(.clientID, content.clientID)
        write(.username, content.username)
        write(.issuer, content.issuer)
        if let scopes = content.scopeList {
            fields.insert(.scopes)
            body.write(texts: scopes.texts)
        }
        func write(_ field: Field, _ moment: Timestamp?) {
            guard let moment else { return }
            fields.insert(field)
            body.write(fixed: moment.millisecondsSince1970)
        }
        write(.issuedAt, content.issuedAt)
        write(.notBefore, content.notBefore)
        write(.expiry, content.expiry)
        body.write(texts: content.audiences)
        body.write(raw: content.claims.encoded)
        return [fields.rawValue] + body.bytes
    }

    package static func decode(_ bytes: UnsafeRawBufferPointer, verifiedAt: Timestamp) -> VerifiedToken? {
        var reader = ByteReader(bytes)
        guard let fields = reader.readByte().map(Field.init) else { return nil }
        var isIntact = true
        func read<Value>(_ field: Field, _ value: (inout ByteReader) -> Value?) -> Value? {
            guard isIntact, fields.contains(field) else { return nil }
            let value = value(&reader)
            isIntact = value != nil
            return value
        }
        var content = VerifiedToken.Content(verifiedAt: verifiedAt)
        content.subject = read(.subject) { $0.readString() }
        content.clientID = read(.clientID) { $0.readString() }
        content.username = read(.username) { $0.readString() }
        content.issuer = read(.issuer) { $0.readString() }
        content.scopeList = read(.scopes) { $0.readTexts().map(ScopeList.init) }
        content.issuedAt = read(.issuedAt) { $0.readTimestamp() }
        content.notBefore = read(.notBefore) { $0.readTimestamp() }
        content.expiry = read(.expiry) { $0.readTimestamp() }
        guard isIntact, let audiences = reader.readTexts() else { return nil }
        content.audiences = audiences
        content.claims = Claims(encoded: Array(reader.remainder))
        return VerifiedToken(content)
    }
}

extension ByteWriter {
    fileprivate mutating func write(texts: [String]) {
        write(varying: UInt64(texts.count))
        for text in texts { write(text) }
    }
}

extension ByteReader {
    fileprivate mutating func readTexts() -> [String]? {
        guard let count = readVarying() else { return nil }
        var texts: [String] = []
        // A record may lie about the number.
        texts.reserveCapacity(Int(min(count, 16)))
        while texts.count < count {
            guard let text = readString() else { return nil }
            texts.append(text)
        }
        return texts
    }

    /// Reads milliseconds since 1970; what no timestamp holds is none.
    fileprivate mutating func readTimestamp() -> Timestamp? {
        guard let milliseconds = readFixed(Int64.self) else { return nil }
        let moment = Timestamp(millisecondsSince1970: milliseconds)
        return moment.millisecondsSince1970 == milliseconds ? moment : nil
    }
}
