import CacheStores

/// The plain beginning of every record: 22 bytes, little-endian.
///
/// Version (1 byte), mode of sealing (1), identifier of the secret (4), expiry (8) and moment of verification (8),
/// both in milliseconds since 1970. What follows depends on the mode: a check or nonce, content, and a tag.
struct RecordHeader: Equatable {
    static let byteCount = 22
    static let currentVersion: UInt8 = 1

    let mode: Sealing.Mode
    let secretIdentifier: UInt32
    let expiry: Timestamp
    let verifiedAt: Timestamp

    var bytes: [UInt8] {
        var writer = ByteWriter(reserving: Self.byteCount)
        writer.write(Self.currentVersion)
        writer.write(mode.rawValue)
        writer.write(fixed: secretIdentifier)
        writer.write(fixed: expiry.millisecondsSince1970)
        writer.write(fixed: verifiedAt.millisecondsSince1970)
        return writer.bytes
    }
}

extension RecordHeader {
    /// Reads a header; there is none at the beginning of a record of another version.
    init?(_ record: UnsafeRawBufferPointer) {
        var reader = ByteReader(record)
        guard reader.readByte() == Self.currentVersion,
            let mode = reader.readByte().flatMap(Sealing.Mode.init),
            let secretIdentifier = reader.readFixed(UInt32.self),
            let expiry = reader.readFixed(Int64.self),
            let verifiedAt = reader.readFixed(Int64.self)
        else { return nil }
        self.mode = mode
        self.secretIdentifier = secretIdentifier
        self.expiry = Timestamp(millisecondsSince1970: expiry)
        self.verifiedAt = Timestamp(millisecondsSince1970: verifiedAt)
    }
}
