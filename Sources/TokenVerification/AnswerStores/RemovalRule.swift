import CacheStores

/// The time spans of rule 8 of `CacheStore`; the same in every process, whatever its settings.
enum RemovalRule {
    /// How long after its question began an answer may reach the store; no authority may take longer to answer.
    static let longestQuestion = Duration.seconds(60)
    /// For how long a store remembers a removal: longer than any answer may be on its way.
    static let hold = Duration.seconds(120)
}

extension CacheStore {
    /// Stores the answer to a question, unless the answer comes too late or was removed after the question began.
    ///
    /// - Returns: how many live answers were dropped to make room.
    func keep(_ entry: CacheEntry<Value>, for key: CacheKey, asked: Timestamp) async throws -> Int {
        let end = asked.advanced(by: RemovalRule.longestQuestion)
        return try await setEntry(entry, for: key, asked: asked, before: end)
    }
}
