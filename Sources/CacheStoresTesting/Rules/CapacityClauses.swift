import CacheStores

/// Rule 11, as far as it is about the number of entries.
enum CapacityClauses {
    static let all = [
        Clause("Opened with a figure, a store has that capacity; with nil, and none recorded, 10 000.") {
            let store = try await $0.open(capacity: 5)
            try await store.expectCapacity($0.contract.wholeCapacity(5))
            let neighbour = try await $0.open(capacity: nil, neighbour: true)
            try await neighbour.expectCapacity(10_000)
        },
        Clause("Opened with nil, a store adopts the recorded figure.", concernsSharing: true) {
            let store = try await $0.open(capacity: 3)
            let adopting = try await $0.open(capacity: nil)
            try await adopting.expectCapacity($0.contract.wholeCapacity(3))
            try await store.expectCapacity($0.contract.wholeCapacity(3))
            let keys = $0.keys(4)
            try await adopting.set(keys)
            try await adopting.expectCount(3)
        },
        Clause("Opened with another figure, a store changes it for all, at once.", concernsSharing: true) {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(8)
            try await store.set(keys[..<2])
            let raising = try await $0.open(capacity: 4)
            for handle in [store, raising] { try await handle.expectCapacity($0.contract.wholeCapacity(4)) }
            for key in keys[2..<4] { try await store.set(key, evicting: 0) }
            try await store.set(keys[4], evicting: 1)
            try await raising.expectCount(4)
            _ = try await $0.open(capacity: 1)
            for handle in [store, raising] { try await handle.expectCapacity($0.contract.wholeCapacity(1)) }
            for key in keys[5...] + keys[..<5] { try await store.set(key) }
            try await raising.expectCount(1)
            let adopting = try await $0.open(capacity: nil)
            try await adopting.expectCapacity($0.contract.wholeCapacity(1))
        },
        Clause("A store with capacity 0 stores nothing.") {
            let store = try await $0.open(capacity: 0)
            let keys = $0.keys(2)
            for key in keys { try await store.set(key, evicting: 0) }
            try await store.expectAbsent(keys)
            try await store.expectCount(0)
            try await store.expectCapacity(0)
            try await store.remove(keys[0], wasLive: false)
            try await store.removeAll()
        },
        Clause("A capacity of 0 is one process's own affair: it is never recorded.", concernsSharing: true) {
            let idle = try await $0.open(capacity: 0)
            let store = try await $0.open(capacity: nil)
            try await store.expectCapacity(10_000)
            let sized = try await $0.open(capacity: 3)
            _ = try await $0.open(capacity: 0)
            let keys = $0.keys(4)
            try await sized.set(keys[..<3])
            try await idle.set(keys[3], evicting: 0)
            try await sized.expectLive(Array(keys[..<3]))
            try await sized.expectAbsent([keys[3]])
            try await sized.expectCapacity($0.contract.wholeCapacity(3))
            let adopting = try await $0.open(capacity: nil)
            try await adopting.expectCapacity($0.contract.wholeCapacity(3))
        },
        Clause("A process with capacity 0 can remove what others stored.", concernsSharing: true) {
            let store = try await $0.open(capacity: 3)
            let idle = try await $0.open(capacity: 0)
            let keys = $0.keys(2)
            try await store.set(keys)
            try await idle.remove(keys[0], wasLive: true)
            try await store.expectAbsent([keys[0]])
            try await store.expectLive([keys[1]])
            try await idle.removeAll()
            try await store.expectAbsent(keys)
        },
        Clause("A process with capacity 0 remembers removals as any other does.", concernsSharing: true) {
            let store = try await $0.open(capacity: 3)
            let idle = try await $0.open(capacity: 0)
            let keys = $0.keys(2)
            for handle in [store, idle] {
                try await handle.remove(keys[0], holding: 10)
                try await store.set(keys)
                // Rule 8 checks whether a removal is remembered at all.
                if handle === store, try await store.next.entry(for: keys[0].key) != nil { return }
                try await store.expectAbsent([keys[0]])
                try await store.expectLive([keys[1]])
                $0.advance(10)
            }
        },
        Clause("A negative capacity is a StoreError, invalidConfiguration, at construction.") {
            for capacity in [-1, -10_000] {
                do {
                    _ = try await $0.open(capacity: capacity)
                } catch let error as StoreError where error.code == .invalidConfiguration {
                    continue
                } catch {
                    throw $0.violation("opening with capacity \(capacity) threw \(error)")
                }
                throw $0.violation("opening with capacity \(capacity) threw nothing")
            }
        },
    ]
}
