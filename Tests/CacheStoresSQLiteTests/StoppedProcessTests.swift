import CacheStores
import CacheStoresSQLite
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// Real processes that are stopped while they wait for the file, or killed, while another one removes what they know.
@Suite(.timeLimit(.minutes(10))) struct StoppedProcessTests {
    private let place: TemporaryStore
    private let store: SQLiteStore
    private let clock = WallClock.system

    init() throws {
        place = try TemporaryStore()
        store = try place.open()
    }

    enum Removal: CaseIterable {
        case one, all
    }

    private func remove(_ removal: Removal, holding hold: Duration) async throws {
        switch removal {
        case .one: #expect(try await store.removeEntry(for: Sample.key(1), holding: hold))
        case .all: try await store.removeAll(holding: hold)
        }
    }

    /// A process that stands still with a write of entry 1, which it had to wait for.
    private func stoppedWriter(
        asked: Timestamp?,
        before end: Timestamp?,
        deadline: Int = 60_000
    ) async throws -> ChildProcess {
        let child = try ChildProcess.storeProcess()
        #expect(try await child.ask("open \(place.path) - \(deadline)") == "ok")
        let rival = try RawDatabase(place.path)
        try rival.execute("BEGIN IMMEDIATE")
        let moments = [asked, end].map { $0.map { "\($0.millisecondsSince1970)" } ?? "-" }
        #expect(try await child.ask("queue 1 \(moments[0]) \(moments[1])") == "queued")
        child.pause(true)
        try await child.waitUntilPaused()
        try rival.execute("COMMIT")
        return child
    }

    /// Lets a writer go on, and returns what it says about its write and whether the entry is there then.
    private func outcome(of child: ChildProcess) async throws -> String {
        child.pause(false)
        let answer = try await child.lines(1)[0]
        return "\(answer), found: \(try await store.entry(for: Sample.key(1)) != nil)"
    }

    @Test(arguments: Removal.allCases)
    func `stores nothing while the removal is remembered`(removal: Removal) async throws {
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        let child = try await stoppedWriter(asked: clock.now, before: .distantFuture)
        try await remove(removal, holding: .seconds(600))
        #expect(try await outcome(of: child) == "0, found: false")
    }

    @Test(arguments: Removal.allCases)
    func `stores what was asked after the removal`(removal: Removal) async throws {
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        let asked = clock.now.advanced(by: .seconds(600))
        let child = try await stoppedWriter(asked: asked, before: .distantFuture)
        try await remove(removal, holding: .seconds(600))
        #expect(try await outcome(of: child) == "0, found: true")
    }

    @Test(arguments: Removal.allCases)
    func `stores nothing once the removal is forgotten`(removal: Removal) async throws {
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        let asked = clock.now
        let child = try await stoppedWriter(asked: asked, before: asked.advanced(by: .seconds(1)))
        try await remove(removal, holding: .seconds(2))
        try await clock.sleep(until: clock.now.advanced(by: .milliseconds(2_001)), tolerance: nil)
        #expect(try await outcome(of: child) == "0, found: false")
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        #expect(try await store.count() == 1)
    }

    @Test func `stores nothing that its caller was told had timed out`() async throws {
        let children = [
            try await stoppedWriter(asked: nil, before: nil, deadline: 1_000),
            try await stoppedWriter(asked: nil, before: nil, deadline: 1_000),
            try await stoppedWriter(asked: nil, before: nil, deadline: 1_000),
        ]
        try await Task.sleep(for: .milliseconds(1_100))
        for child in children { #expect(try await outcome(of: child) == "error timedOut, found: false") }
    }

    @Test(arguments: ["remove 1 600000", "clear 600000"])
    func `a removal outlives the process that was killed after it`(command: String) async throws {
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        let child = try ChildProcess.storeProcess()
        #expect(try await child.ask("open \(place.path)") == "ok")
        let asked = clock.now
        try await child.ask(command)
        _ = try await child.killed()
        let next = try ChildProcess.storeProcess()
        #expect(try await next.ask("open \(place.path)") == "ok")
        for moment in ["-", "\(asked.millisecondsSince1970)"] {
            #expect(try await next.ask("put 1 \(moment) -") == "0")
            #expect(try await next.ask("has 1") == "false")
        }
        let later = clock.now.advanced(by: .milliseconds(1_001)).millisecondsSince1970
        #expect(try await next.ask("put 1 \(later) -") == "0")
        #expect(try await next.ask("has 1") == "true")
    }
}
