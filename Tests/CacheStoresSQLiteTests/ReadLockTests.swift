import CacheStores
import CacheStoresSQLite
import Foundation
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// Lookups that come so thick and fast that their lock is held meanwhile.
@Suite(.timeLimit(.minutes(10))) struct ReadLockTests {
    /// Looks up until the lock is held.
    private func warm(_ store: SQLiteStore) async throws {
        try await eventually {
            for number in 0..<200 { _ = try await store.entry(for: Sample.key(number)) }
            return store.holdsReadLock
        }
    }

    @Test func `see what another connection wrote at once`() async throws {
        let place = try TemporaryStore()
        let (store, other) = try (place.open(), place.open())
        for round in 0..<50 {
            try await warm(store)
            let entry = CacheEntry([UInt8(round)], expiry: .distantFuture)
            try await other.setEntry(entry, for: Sample.key(0))
            #expect(try await store.entry(for: Sample.key(0)) == entry)
            try await other.removeEntry(for: Sample.key(0), holding: .zero)
            #expect(try await store.entry(for: Sample.key(0)) == nil)
        }
        await store.shutdown()
        await other.shutdown()
    }

    @Test func `let go of the lock when they become rare`() async throws {
        let place = try TemporaryStore()
        let store = try place.open()
        try await warm(store)
        try await eventually { !store.holdsReadLock }
        await store.shutdown()
    }

    @Test func `go on when the store is opened again and when its file is deleted`() async throws {
        let place = try TemporaryStore()
        let store = try place.open()
        try await warm(store)
        await store.shutdown()
        #expect(!store.holdsReadLock)
        let next = try place.open()
        try await warm(next)
        unlink(place.path)
        let entry = CacheEntry([1] as [UInt8], expiry: .distantFuture)
        try await next.setEntry(entry, for: Sample.key(1))
        try await eventually { try await next.entry(for: Sample.key(1)) == entry }
        try await warm(next)
        await next.shutdown()
    }
}
