import CacheStores

/// Rule 11, as far as it is about the size of values.
enum ValueClauses {
    private static let limit = 1 << 20

    static let all = [
        Clause("Values of 0 bytes up to 1 MiB are stored as they are.") {
            let store = try await $0.open(capacity: 4)
            let key = $0.keys(1)[0]
            for size in [0, 1, 4_096, limit - 1, limit] {
                let entry = CacheEntry(value(size), expiry: $0.clock.now.advanced(by: .seconds(60)))
                _ = try await store.next.setEntry(entry, for: key.key)
                $0.note("set A to a value of \(size) bytes")
                let found = try await store.next.entry(for: key.key)
                if found != entry {
                    throw $0.violation("A held \(found?.value.count ?? -1) bytes, or other ones")
                }
            }
        },
        Clause("A value of more than 1 MiB is refused with the code valueTooLarge, and nothing changes.") {
            guard $0.contract.fixture.measuresValues else { return }
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(3)
            try await store.set(keys[..<2])
            for key in [keys[0], keys[2]] {
                let entry = CacheEntry(value(limit + 1), expiry: $0.clock.now.advanced(by: .seconds(60)))
                do {
                    _ = try await store.next.setEntry(entry, for: key.key)
                    throw $0.violation("a value of 1 MiB and one byte was accepted")
                } catch let error as StoreError where error.code == .valueTooLarge {
                    $0.note("set \(key.name) to a value of 1 MiB and one byte: refused")
                }
                try await store.expectLive(Array(keys[..<2]))
                try await store.expectAbsent([keys[2]])
            }
        },
    ]

    private static func value(_ size: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xA5, count: size)
        if size > 0 { bytes[size - 1] = 0 }
        return bytes
    }
}
