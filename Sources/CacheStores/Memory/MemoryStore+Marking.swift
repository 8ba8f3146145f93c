extension MemoryStore: MarkingStore {
    public func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws {
        let now = clock.now.millisecondsSince1970
        try core.withMarks { $0.set(moment, for: key, until: end.millisecondsSince1970, now: now) }
    }

    public func marks(for keys: [CacheKey]) async throws -> [Timestamp?] {
        let now = clock.now.millisecondsSince1970
        return try core.withMarks { marks in keys.map { marks.mark(for: $0, at: now) } }
    }
}
