package import CacheStores

/// What the processes of a fleet share through the store besides answers, such as an issuer's keys.
///
/// Only under ``Sealing/secret(_:previous:)-(SealingSecret,_)``: else a program that can write to the store could plant a key. Such a
/// program can still delete a record, or put an older one back. A store that fails counts as empty. A record takes a
/// place in the store's capacity, like an answer.
package struct SharedRecords: Sendable {
    /// By how much a record may be newer than the store's clock says, since clocks are set.
    private static let clockMargin = Duration.seconds(60)

    private let store: any CacheStore<[UInt8]>
    private let sealer: SharedRecordSealer
    private let access: StoreAccess

    /// The shared records of a cache's store; `nil` if its records are not sealed with a secret.
    init?(in answers: any AnswerStore, _ access: StoreAccess) {
        guard answers.sealing.mode == .secret, let store = answers.store as? any CacheStore<[UInt8]> else {
            return nil
        }
        self.store = store
        self.access = access
        sealer = SharedRecordSealer(secrets: answers.sealing.secrets)
    }

    /// The store's clock as this process knows it; `nil` while it is not known.
    package var now: Timestamp? { store.now }

    /// The record of a name; its reader decides how old it may be.
    package func record(of name: AuthorityIdentity) async -> SharedRecord? {
        let context = QuestionContext(name)
        let entry = await access.attempt(access.reads) { [store] in
            try await store.entry(for: context.digest)
        }
        guard let entry = entry ?? nil, let record = sealer.open(entry.value, in: context),
            let now = store.now,
            record.asked <= now.advanced(by: Self.clockMargin)
        else { return nil }
        return SharedRecord(
            content: record.content,
            asked: record.asked,
            age: max(.zero, record.asked.duration(to: now))
        )
    }

    /// Leaves a record for the other processes, unless it is too large for a store.
    ///
    /// - Parameters:
    ///   - content: the content.
    ///   - name: its name.
    ///   - asked: when the question began that it answers, by the store's clock; at most 60 s ago.
    ///   - expiry: until when the store keeps it.
    package func keep(
        _ content: [UInt8],
        as name: AuthorityIdentity,
        asked: Timestamp,
        until expiry: Timestamp
    ) async {
        guard content.count <= ContractFigures.maximumValueSize - SharedRecordSealer.overhead else { return }
        let context = QuestionContext(name)
        await access.attempt(access.writes) { [store, sealer] in
            let record = try sealer.seal(content, in: context, asked: asked, until: expiry)
            return try await store.keep(
                CacheEntry(record, expiry: expiry),
                for: context.digest,
                asked: asked
            )
        }
    }

    /// Does a piece of work in one process of the fleet at a time, where the store has leases.
    ///
    /// - Parameters:
    ///   - name: the name of the work.
    ///   - limit: how long to wait for another process's result.
    ///   - deadline: how long the work may take.
    ///   - look: looks for the result of another process.
    ///   - work: does the work.
    /// - Returns: the other process's result, or this one's.
    /// - Throws: what `work` throws.
    package func once<Found: Sendable>(
        _ name: AuthorityIdentity,
        waiting limit: Duration,
        lasting deadline: Duration,
        looking look: () async -> Found?,
        else work: () async throws(VerificationError) -> Found
    ) async throws(VerificationError) -> Found {
        guard let leasing = store.ability((any LeasingStore).self) else {
            if let found = await look() { return found }
            return try await work()
        }
        let leases = FleetLeases(in: leasing, access, leaseTime: deadline)
        let key = QuestionContext(name).digest
        switch await leases.part(in: key, waiting: limit, looking: look) {
        case .follower(let found): return found
        case .alone: return try await work()
        case .leader(let holder):
            let result: Result<Found, VerificationError>
            do throws(VerificationError) {
                result = .success(try await work())
            } catch {
                result = .failure(error)
            }
            await leases.release(key, as: holder)
            return try result.get()
        }
    }
}
