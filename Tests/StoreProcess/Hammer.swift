import CacheStores
import StoreProcesses
import TokenVerificationTestSupport

/// Many tasks that set, overwrite, look up and remove at once.
struct Hammer: Sendable {
    private struct Torn: Error {}

    let store: any CacheStore<[UInt8]>
    /// The number of the first entry; no other process sets the entries from there on.
    let first: Int
    let writes: Int

    /// Runs to the end, or to the first error.
    func run() async throws -> String {
        try await withThrowingTaskGroup { group in
            for lane in 0..<8 {
                group.addTask {
                    for number in stride(from: first + lane, to: first + writes, by: 8) {
                        try await step(number)
                    }
                }
            }
            try await group.waitForAll()
        }
        return "ok"
    }

    /// Looks for everything that a run must have left, given that nothing was evicted.
    func check() async throws -> String {
        for number in first..<first + writes {
            let isFound = try await store.entry(for: Sample.key(number)) != nil
            guard isFound == !number.isMultiple(of: 11) else { return "\(number) found: \(isFound)" }
        }
        return "ok"
    }

    private func step(_ number: Int) async throws {
        try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        // The newest entry of this lane may be gone if others were quick, but it is never half there.
        try await look(for: number)
        try await look(for: number / 2)
        if number.isMultiple(of: 7) {
            try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        }
        if number.isMultiple(of: 11) { try await store.removeEntry(for: Sample.key(number)) }
    }

    private func look(for number: Int) async throws {
        guard let entry = try await store.entry(for: Sample.key(number)) else { return }
        guard entry.value == Sample.value(number) else { throw Torn() }
    }
}
