import CacheStores

/// A record, and what it said when it was opened.
struct OpenedRecord {
    let key: CacheKey
    let record: [UInt8]
    let content: RecordContent
}

/// A few records that were opened before (see ``OpenedRecords``).
struct OpenedRecordSet {
    enum Finding {
        case known(RecordContent)
        /// The record has to be opened; it may then take a place.
        case unknown(isAdmitted: Bool)
    }

    static let capacity = 4

    private var opened: [OpenedRecord] = []
    /// A part of the key of each, so that another key is told from them without a look at them.
    private var tags = SIMD4<UInt32>.zero
    /// When the first of them expires.
    private var earliestExpiry = Timestamp.distantFuture
    /// The position of the record that is replaced next.
    private var oldest = 0
    /// A part of the key that was last looked up in vain; a second look-up in a row admits its record.
    private var candidate: UInt64?

    var count: Int { opened.count }

    /// Looks for what a record said.
    mutating func find(_ record: [UInt8], under key: CacheKey, at now: Timestamp) -> Finding {
        guard let position = position(of: key) else {
            let hasRoom = opened.count < Self.capacity || earliestExpiry <= now
            let isAdmitted = hasRoom || candidate == key.words.0
            candidate = key.words.0
            return .unknown(isAdmitted: isAdmitted)
        }
        candidate = nil
        return opened[position].record.isExactly(record)
            ? .known(opened[position].content) : .unknown(isAdmitted: true)
    }

    /// Adds a record, and returns the one that it replaces.
    mutating func put(_ new: OpenedRecord, at now: Timestamp) -> OpenedRecord? {
        defer { describe() }
        if let position = position(of: new.key) ?? expiredPosition(at: now) {
            return replace(position, by: new)
        }
        guard opened.count == Self.capacity else {
            opened.append(new)
            return nil
        }
        defer { oldest = (oldest + 1) % Self.capacity }
        return replace(oldest, by: new)
    }

    /// Removes a key's record.
    mutating func remove(_ key: CacheKey) -> OpenedRecord? {
        guard let position = position(of: key) else { return nil }
        defer { describe() }
        oldest = 0
        return opened.remove(at: position)
    }

    private func position(of key: CacheKey) -> Int? {
        guard any(tags .== Self.tag(of: key)) else { return nil }
        return opened.firstIndex { $0.key == key }
    }

    private func expiredPosition(at now: Timestamp) -> Int? {
        guard earliestExpiry <= now else { return nil }
        return opened.firstIndex { $0.content.expiry <= now }
    }

    private mutating func replace(_ position: Int, by new: OpenedRecord) -> OpenedRecord {
        let former = opened[position]
        opened[position] = new
        return former
    }

    /// Notes what has to be known of the records without a look at them.
    private mutating func describe() {
        tags = .zero
        for (position, opened) in opened.enumerated() { tags[position] = Self.tag(of: opened.key) }
        earliestExpiry = opened.lazy.map(\.content.expiry).min() ?? .distantFuture
    }

    private static func tag(of key: CacheKey) -> UInt32 {
        UInt32(truncatingIfNeeded: key.words.0)
    }
}
