extension Claims {
    /// Reads an answer that is one JSON object (RFC 8259), strictly.
    ///
    /// Refused are: bytes that are not UTF-8, a name that occurs twice in one object, a lone surrogate, anything after
    /// the object, and more than 32 levels of nesting. A byte-order mark at the beginning is ignored (§8.1 allows it).
    ///
    /// - Parameter bytes: the whole text.
    /// - Throws: ``JSONError`` at the first thing amiss.
    public init(json bytes: [UInt8]) throws(JSONError) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        self = try JSONParser.claims(of: bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes)
    }
}
