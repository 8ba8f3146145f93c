import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import Foundation
import StoreProcesses
import TokenVerificationTestSupport

/// One open store, and what can be asked of it from outside.
struct Session {
    private struct Misunderstanding: Error {}

    private var store: (any CacheStore<[UInt8]>)?

    /// Does what a line says.
    mutating func obey(_ words: [String]) async throws -> String {
        switch (words.first, words.dropFirst().first, words.dropFirst(2).first.flatMap { Int($0) }) {
        case ("become", let user?, _): return try become(UInt32(user))
        case ("limit", let size?, _): return try limitFileSize(UInt(size))
        case ("open", let address?, let capacity):
            await store?.shutdown()
            store = nil
            let deadline = words.dropFirst(3).first.flatMap { Int($0) } ?? 60_000
            store = try await open(address, capacity: capacity, deadline: .milliseconds(deadline))
            return "ok"
        default: return try await use(words)
        }
    }

    /// Opens a store by its address: that of a Redis server, else the path of a file.
    private func open(
        _ address: String,
        capacity: Int?,
        deadline: Duration
    ) async throws -> any CacheStore<[UInt8]> {
        guard address.hasPrefix("redis") else {
            return try SQLiteStore(path: address, capacity: capacity, deadline: deadline)
        }
        let store = try RedisStore(
            address,
            namespace: Sample.namespace,
            capacity: capacity,
            deadline: deadline
        )
        try await store.waitUntilConnected()
        return store
    }

    private func use(_ words: [String]) async throws -> String {
        guard let store, let verb = words.first else { throw Misunderstanding() }
        let number = words.dropFirst().first.flatMap { Int($0) } ?? 0
        let second = words.dropFirst(2).first.flatMap { Int($0) } ?? 0
        switch verb {
        case "set": return "\(try await set(number, in: store))"
        case "put": return "\(try await put(Array(words.dropFirst()), in: store))"
        case "queue": return "\(try await queue(Array(words.dropFirst()), in: store))"
        case "has": return "\(try await isFound(number, in: store))"
        case "remove":
            return "\(try await store.removeEntry(for: Sample.key(number), holding: .milliseconds(second)))"
        case "clear":
            try await store.removeAll(holding: .milliseconds(number))
            return "ok"
        case "count": return "\(try await store.count())"
        case "capacity": return "\(try await store.capacity())"
        case "stream": try await stream(from: number, into: store)
        case "hammer": return try await Hammer(store: store, first: number, writes: second).run()
        case "check": return try await Hammer(store: store, first: number, writes: second).check()
        case "work": return try await Workload(words.dropFirst(), store: store).run()
        case "revoke": try await Revoker(words.dropFirst()).revoke(in: store)
        case "close": await store.shutdown()
        default: throw Misunderstanding()
        }
        return "ok"
    }

    private func set(_ number: Int, in store: any CacheStore<[UInt8]>) async throws -> Int {
        try await store.setEntry(Sample.entry(number), for: Sample.key(number))
    }

    /// Sets an entry, given its number, when its question began and until when it may be stored (`-`: not given).
    private func put(_ words: [String], in store: any CacheStore<[UInt8]>) async throws -> Int {
        guard words.count == 3, let number = Int(words[0]) else { throw Misunderstanding() }
        let moments = words[1...].map { Int64($0).map { Timestamp(millisecondsSince1970: $0) } }
        let entry = Sample.entry(number)
        return try await store.setEntry(entry, for: Sample.key(number), asked: moments[0], before: moments[1])
    }

    /// Does the same with a file, and says `queued` as soon as the write waits for its turn.
    private func queue(_ words: [String], in store: any CacheStore<[UInt8]>) async throws -> Int {
        guard let store = store as? SQLiteStore else { throw Misunderstanding() }
        async let evicted = put(words, in: store)
        let end = ContinuousClock.now + .seconds(10)
        while store.backlog == 0, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(1)) }
        StoreProcess.answer("queued")
        return try await evicted
    }

    private func isFound(_ number: Int, in store: any CacheStore<[UInt8]>) async throws -> Bool {
        guard let entry = try await store.entry(for: Sample.key(number)) else { return false }
        guard entry.value == Sample.value(number) else { throw Misunderstanding() }
        return true
    }

    /// Sets entry after entry, a few at once, and tells each that is confirmed, until the process is killed.
    ///
    /// Some it removes again, and tells that by the number's negative.
    private func stream(from first: Int, into store: any CacheStore<[UInt8]>) async throws {
        await withThrowingTaskGroup { group in
            for lane in 0..<4 {
                group.addTask {
                    for number in stride(from: first + lane, to: Int.max, by: 4) {
                        try await store.setEntry(Sample.entry(number), for: Sample.key(number))
                        StoreProcess.answer("\(number)")
                        guard Sample.isRemovedAgain(number) else { continue }
                        try await store.removeEntry(for: Sample.key(number))
                        StoreProcess.answer("\(-number)")
                    }
                }
            }
        }
    }

    private func become(_ user: UInt32?) throws -> String {
        guard let user, setuid(user) == 0 else { throw Misunderstanding() }
        return "ok"
    }

    private func limitFileSize(_ size: UInt?) throws -> String {
        guard let size else { throw Misunderstanding() }
        // Without this the first write past the limit ends the process.
        signal(SIGXFSZ, SIG_IGN)
        #if os(Linux)
        let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
        let resource = RLIMIT_FSIZE
        #endif
        var limit = rlimit()
        getrlimit(resource, &limit)
        limit.rlim_cur = size == 0 ? limit.rlim_max : rlim_t(size)
        guard setrlimit(resource, &limit) == 0 else { throw Misunderstanding() }
        return "ok"
    }
}
