extension MemoryStore: MarkingStore {
    public func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws {
        try core.withMarks { marks in
            let now = clock.now.millisecondsSince1970
            marks.set(moment, for: key, until: end.millisecondsSince1970, now: now)
        }
    }

    public func marks(for keys: [CacheKey]) async throws -> [Timestamp?] {
        try core.withMarks { marks in
            let now = clock.now.millisecondsSince1970
            return keys.map { marks.mark(for: $0, at: now) }
        }
    }
}
