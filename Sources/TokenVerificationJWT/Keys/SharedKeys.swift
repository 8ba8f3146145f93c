import CacheStores
import CacheStoresWaiting
import TokenVerification

/// The key sets of one source that the processes of a fleet leave each other in the store.
struct SharedKeys: Sendable {
    let records: SharedRecords
    let name: AuthorityIdentity
    let options: JSONWebKeySource.Options
    let clock: IntervalClock

    /// The keys that a process of the fleet fetched last, if they may be used at all.
    func last() async -> CurrentKeys? {
        guard let record = await records.record(of: name), record.age < options.maximumAge else { return nil }
        return record.content.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            guard let seconds = reader.readFixed(Int64.self),
                let set = try? JSONWebKeySet(json: Array(reader.remainder)), !set.keys.isEmpty
            else { return nil }
            return CurrentKeys(
                set,
                fetched: clock.now.advanced(by: .zero - record.age),
                maximumAge: seconds < 0 ? nil : .seconds(seconds),
                options,
                asked: record.asked
            )
        }
    }

    /// The keys that another process fetched since, else the issuer's, which are left for the other processes.
    ///
    /// One process fetches at a time, and the others wait for what it leaves. Another process's keys count if the
    /// cooldown of its fetch has not ended, or if keys are due here and those are not.
    ///
    /// - Parameters:
    ///   - current: the keys at hand, old or not.
    ///   - begun: when they were found to be too few, or due.
    ///   - fetch: asks the issuer.
    /// - Returns: newer keys.
    /// - Throws: what `fetch` throws.
    func keys(
        after current: CurrentKeys?,
        begun: IntervalClock.Instant,
        fetching fetch: () async throws(VerificationError) -> KeyFetcher.Fetched
    ) async throws(VerificationError) -> CurrentKeys {
        let isDue = current.map { begun >= $0.refresh } ?? true
        // Half of the time is left for a fetch of its own.
        return try await records.once(name, waiting: options.deadline / 2, lasting: options.deadline) {
            guard let keys = await last(), keys.isNewer(than: current) else { return nil }
            let now = clock.now
            let isRecent = now < keys.fetched.advanced(by: options.cooldown)
            return isRecent || isDue && now < keys.refresh ? keys : nil
        } else: { () async throws(VerificationError) in
            let asked = records.now
            let fetched = try await fetch()
            if let asked { await keep(fetched, asked: asked) }
            return fetched.current(begun, options, asked: asked)
        }
    }

    private func keep(_ fetched: KeyFetcher.Fetched, asked: Timestamp) async {
        var writer = ByteWriter(reserving: fetched.body.count + 8)
        writer.write(fixed: fetched.maximumAge?.components.seconds ?? -1)
        writer.write(raw: fetched.body)
        let end = asked.advanced(by: options.maximumAge)
        await records.keep(writer.bytes, as: name, asked: asked, until: end)
    }
}
