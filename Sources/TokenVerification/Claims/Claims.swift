/// Named JSON values in a compact encoding, decoded when they are asked for.
///
/// A verified token is kept for minutes and its claims are read seldom, so they take a third of the memory that
/// a dictionary would. Claims print nothing.
///
/// The encoding is a sequence of members in ascending order of their names' UTF-8: name, length of the value,
/// value (``ClaimValue``'s encoding). It is part of the record format, so it never changes without a version.
public struct Claims: Sendable, Hashable {
    package let encoded: [UInt8]

    /// Encodes claims.
    ///
    /// - Parameter members: the claims; one that is nested deeper than 32 levels can't be read back.
    public init(_ members: [ExactText: ClaimValue] = [:]) {
        var writer = ByteWriter(reserving: 512)
        for (name, value) in members.sorted(by: {
            $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8)
        }) {
            writer.write(name.text)
            let place = writer.beginLength()
            writer.write(value)
            writer.endLength(at: place)
        }
        // An exact copy: an array that grew keeps room for more, and claims are kept for minutes.
        encoded = writer.bytes.withUnsafeBytes { Array($0) }
    }

    /// Takes over claims that were encoded before.
    ///
    /// Nothing is checked, since that would take longer than opening the record that they come from; whatever can't
    /// be decoded is a claim that there isn't.
    package init(encoded: [UInt8]) {
        self.encoded = encoded
    }

    /// All claims, decoded anew on each access.
    public var members: [ExactText: ClaimValue] {
        encoded.withUnsafeBytes { encoded in
            var members: [ExactText: ClaimValue] = [:]
            var reader = ByteReader(encoded)
            while let name = reader.readString(), let value = reader.readBytes() {
                members[ExactText(name)] = Self.decode(value)
            }
            return members
        }
    }

    /// Calls a closure with each claim's name in UTF-8, and with the claim, which is decoded only when called for.
    func scan(_ body: (_ name: UnsafeRawBufferPointer, _ value: () -> ClaimValue?) -> Void) {
        encoded.withUnsafeBytes { encoded in
            var reader = ByteReader(encoded)
            while let name = reader.readBytes(), let value = reader.readBytes() {
                body(name) { Self.decode(value) }
            }
        }
    }

    /// One claim, decoded on access without decoding the others.
    public subscript(name: String) -> ClaimValue? {
        var name = name
        return name.withUTF8 { name in
            encoded.withUnsafeBytes { encoded in
                var reader = ByteReader(encoded)
                while let found = reader.readBytes(), let value = reader.readBytes() {
                    if found.count == name.count, found.elementsEqual(name) { return Self.decode(value) }
                }
                return nil
            }
        }
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer) -> ClaimValue? {
        var reader = ByteReader(bytes)
        guard let value = reader.readClaimValue(), reader.isAtEnd else { return nil }
        return value
    }
}

extension Claims: HiddenText {}
