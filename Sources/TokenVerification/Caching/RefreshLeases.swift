import CacheStores
import Crypto

/// The leases by which one process of a fleet refreshes an answer; no miss waits for them.
struct RefreshLeases: Sendable {
    let store: any LeasingStore
    let access: StoreAccess

    /// Takes the lease on a refresh for as long as the question may take; `nil` if another process has it, or the store
    /// fails.
    func acquire(for question: Question) async -> LeaseHolder? {
        let holder = LeaseHolder()
        let isMine = await access.attempt(access.writes, for: question) { [store] in
            try await store.acquireLease(
                for: Self.key(of: question),
                as: holder,
                lasting: question.authority.deadline
            )
        }
        return isMine == true ? holder : nil
    }

    func release(_ holder: LeaseHolder, for question: Question) async {
        await access.attempt(access.writes) { [store] in
            try await store.releaseLease(for: Self.key(of: question), as: holder)
        }
    }

    /// The lease of a refresh differs from that of a miss.
    private static func key(of question: Question) -> CacheKey {
        var hash = SHA256()
        hash.update(data: Array("refresh".utf8))
        hash.update(data: question.key.bytes)
        return CacheKey(hash.finalize())
    }
}
