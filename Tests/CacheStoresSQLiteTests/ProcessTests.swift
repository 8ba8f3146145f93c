import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import Foundation
import StoreProcesses
import Synchronization
import Testing
import TokenVerificationTestSupport

/// Several real processes on one file, and what happens when one of them dies or the disk is full.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ProcessTests {
    private let place: TemporaryStore

    init() throws {
        place = try TemporaryStore()
    }

    private func children(_ count: Int, capacity: Int? = nil) async throws -> [ChildProcess] {
        let children = try (0..<count).map { _ in try ChildProcess.storeProcess() }
        for child in children { #expect(try await child.ask(opening(capacity)) == "ok") }
        return children
    }

    private func opening(_ capacity: Int? = nil) -> String {
        "open \(place.path)" + (capacity.map { " \($0)" } ?? "")
    }

    private func ask(_ children: [ChildProcess], _ line: (Int) -> String) async throws -> [String] {
        try await withThrowingTaskGroup { group in
            for (index, child) in children.enumerated() {
                let line = line(index)
                group.addTask { (index, try await child.ask(line)) }
            }
            return try await group.reduce(into: Array(repeating: "", count: children.count)) {
                $0[$1.0] = $1.1
            }
        }
    }

    private func expectExactCount() throws {
        let database = try RawDatabase(place.path)
        #expect(try database.integer("SELECT count(*) - (SELECT count FROM policy) FROM entries") == 0)
    }

    @Test(arguments: [2, 8]) func `keep the bound while they hammer one file`(processes: Int) async throws {
        let capacity = 300
        let children = try await children(processes, capacity: capacity)
        let observer = Observer(path: place.path)
        defer { observer.halt() }
        var round = 0
        repeat {
            try Task.checkCancellation()
            let first = round * 1_000_000
            let answers = try await ask(children) { "hammer \(first + $0 * 10_000) \(4_000 / processes)" }
            #expect(answers == Array(repeating: "ok", count: processes))
            round += 1
        } while observer.samples < 10_000
        let report = try await observer.stop()
        #expect(report.samples >= 10_000)
        #expect(report.most <= capacity)
        try expectExactCount()
        // With room for all of them every confirmed entry is there, for every process.
        #expect(try await children[0].ask(opening(100_000)) == "ok")
        let answers = try await ask(children) { "hammer \(500_000_000 + $0 * 10_000) 500" }
        #expect(answers == Array(repeating: "ok", count: processes))
        for index in 0..<processes {
            let found = try await ask(children) { _ in "check \(500_000_000 + index * 10_000) 500" }
            #expect(found == Array(repeating: "ok", count: processes))
        }
    }

    @Test(arguments: [1_000_000, 64])
    func `lose nothing that was confirmed when they are killed`(capacity: Int) async throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let witness = try place.open(capacity: capacity)
        let database = try RawDatabase(place.path)
        for kill in 0..<50 {
            let comment: Comment = "kill \(kill) of seed \(seed)"
            let child = try ChildProcess.storeProcess()
            #expect(try await child.ask(opening()) == "ok", comment)
            try await child.tell("stream \(kill * 100_000)")
            var lines = try await child.lines(.random(in: 1...40, using: &random))
            try await Task.sleep(for: .microseconds(.random(in: 0...3_000, using: &random)))
            lines += try await child.killed()
            let confirmed = lines.compactMap { Int($0) }
            // Every other time another store has the file open, so that the log is not read anew.
            let store = kill.isMultiple(of: 2) ? witness : try place.open()
            // The entries that follow the last twenty are too few to evict one of them.
            for number in confirmed.filter({ $0 >= 0 && !Sample.isRemovedAgain($0) }).suffix(
                capacity > 64 ? .max : 20
            ) {
                let value = try await store.entry(for: Sample.key(number))?.value
                #expect(value == Sample.value(number), comment)
            }
            for number in confirmed where number < 0 {
                #expect(try await store.entry(for: Sample.key(-number)) == nil, comment)
            }
            try await store.setEntry(Sample.entry(-1 - kill), for: Sample.key(-1 - kill))
            #expect(try await store.count() <= capacity, comment)
            let rows = try database.integer("SELECT count(*) FROM entries")
            #expect(try database.integer("SELECT count FROM policy") == rows, comment)
            if store !== witness { await store.shutdown() }
        }
        await witness.shutdown()
        let faults = "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
        #expect(try database.integer(faults) == 0)
        #expect(try place.files().allSatisfy { !$0.contains("corrupt") })
    }

    @Test func `survive being killed while no other process has the file open`() async throws {
        var random = SplitMix64(seed: 7)
        for kill in 0..<10 {
            let child = try ChildProcess.storeProcess()
            #expect(try await child.ask(opening(1_000_000)) == "ok")
            try await child.tell("stream \(kill * 100_000)")
            var confirmed = try await child.lines(.random(in: 1...40, using: &random))
            confirmed += try await child.killed()
            let next = try ChildProcess.storeProcess()
            #expect(try await next.ask(opening()) == "ok")
            for number in confirmed.compactMap({ Int($0) }) where number < 0 || !Sample.isRemovedAgain(number)
            {
                #expect(try await next.ask("has \(abs(number))") == "\(number >= 0)")
            }
            #expect(try await next.ask("close") == "ok")
        }
    }

    @Test func `end on the same new file when one of them finds it damaged`() async throws {
        let children = try await children(3, capacity: 5_000)
        #expect(try await children[0].ask("hammer 0 1500") == "ok")
        #expect(try await ask(children) { _ in "has 1" } == ["true", "true", "true"])
        try RawDatabase(place.path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try place.damage()
        // Two may go on for a while with pages in memory; the one that reads the file finds the damage.
        #expect(try await children[1].ask(opening()) == "ok")
        for (index, child) in children.enumerated() {
            #expect(try await child.ask("set \(9_000 + index)") == "0")
        }
        for child in children {
            for number in 9_000...9_002 {
                try await eventually(within: .seconds(3)) {
                    try await child.ask("has \(number)") == "true"
                }
            }
            #expect(try await child.ask("has 1") == "false")
        }
        #expect(try RawDatabase(place.path).integer("SELECT count(*) FROM entries") == 3)
        #expect(try place.files().filter { $0.hasSuffix("corrupt-1") } == ["cache.db.corrupt-1"])
        #expect(try !place.files().contains("cache.db.corrupt-2"))
    }

    @Test func `all find the damage at once and begin one new file`() async throws {
        let children = try await children(3, capacity: 5_000)
        #expect(try await children[0].ask("hammer 0 1500") == "ok")
        try RawDatabase(place.path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try place.damage()
        #expect(try await ask(children) { _ in opening() } == ["ok", "ok", "ok"])
        #expect(try await ask(children) { "set \(9_000 + $0)" } == ["0", "0", "0"])
        #expect(try await ask(children) { _ in "count" } == ["3", "3", "3"])
        #expect(try !place.files().contains("cache.db.corrupt-2"))
    }

    @Test func `hold for each other`() async throws {
        let children = try await children(2)
        try await children[0].ask("set 1")
        #expect(try await children[1].ask("remove 1 600000") == "true")
        try await children[0].ask("set 1")
        #expect(try await ask(children) { _ in "has 1" } == ["false", "false"])
        try await children[0].ask("clear 600000")
        try await children[1].ask("set 2")
        #expect(try await ask(children) { _ in "count" } == ["0", "0"])
    }

    @Test func `change the capacity for each other`() async throws {
        let children = try await children(1, capacity: 100)
        for number in 0..<100 { #expect(try await children[0].ask("set \(number)") == "0") }
        let second = try ChildProcess.storeProcess()
        #expect(try await second.ask(opening(60)) == "ok")
        #expect(try await children[0].ask("capacity") == "60")
        #expect(try await children[0].ask("set 5001") == "41")
        #expect(try await second.ask("count") == "60")
    }

    @Test func `say that the disk is full, and go on when there is room again`() async throws {
        let child = try ChildProcess.storeProcess()
        #expect(try await child.ask(opening(100_000)) == "ok")
        for number in 0..<50 { #expect(try await child.ask("set \(number)") == "0") }
        #expect(try await child.ask("limit 400000") == "ok")
        #expect(try await child.ask("hammer 1000 20000") == "error full")
        #expect(try await child.ask("has 49") == "true")
        let other = try place.open()
        #expect(try await other.entry(for: Sample.key(49)) != nil)
        #expect(try await child.ask("limit 0") == "ok")
        #expect(try await child.ask("set 77777") == "0")
        #expect(try await other.entry(for: Sample.key(77_777)) != nil)
        try expectExactCount()
    }
}
