public import CacheStores

extension FaultyStore {
    public func entry(for key: CacheKey) async throws -> CacheEntry<Value>? {
        try await perform(.entry(key)) { isLie in
            isLie ? replacedEntry(for: key) : try await wrapped.entry(for: key)
        }
    }

    @discardableResult
    public func setEntry(
        _ entry: CacheEntry<Value>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try await perform(.setEntry(key)) { isLie in
            if isLie { return 0 }
            try await rememberEntry(for: key)
            return try await wrapped.setEntry(entry, for: key, asked: asked, before: end)
        }
    }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await perform(.removeEntry(key)) { isLie in
            if isLie { return try await wrapped.entry(for: key) != nil }
            try await rememberEntry(for: key)
            return try await wrapped.removeEntry(for: key, holding: hold)
        }
    }

    public func removeAll(holding hold: Duration) async throws {
        try await perform(.removeAll) { isLie in
            if isLie { return }
            try await rememberEntry(for: nil)
            try await wrapped.removeAll(holding: hold)
        }
    }

    public func count() async throws -> Int {
        try await perform(.count) { _ in try await wrapped.count() }
    }

    public func capacity() async throws -> Int {
        try await perform(.capacity) { _ in try await wrapped.capacity() }
    }

    public func shutdown() async {
        await wrapped.shutdown()
    }
}
