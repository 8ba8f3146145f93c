import CacheStores
import CacheStoresTesting
import Crypto
import HTTPTransports
import HTTPTypes
import Logging
import Synchronization
import Testing
import TokenVerification

/// Histories in which the real FastMCP was asked, step by step, replayed here.
///
/// `make test-fastmcp` asks FastMCP in thousands of new ones and names their file in FASTMCP_HISTORIES; a few that it
/// wrote once lie beside its script, in `Tests/FastMCP`.
@Suite(.timeLimit(.minutes(10))) struct FastMCPTests {
    /// What differs on purpose, and the outcomes here at the steps that differ; see `MovingFromFastMCP.md`.
    private static let departures: [String: [FastMCPHistory.Outcome]] = [
        "missing scope": [.called(accepted: nil, asked: false)],
        "exactly at expiry": [.called(accepted: ["alice", "app"], asked: true)],
        "expiry of zero": [.called(accepted: nil, asked: true)],
        "not before": [.called(accepted: nil, asked: true)],
        "active as text": [.called(accepted: nil, asked: true)],
        "duplicate member": [.called(accepted: nil, asked: true)],
        "not a number": [.called(accepted: nil, asked: true)],
        "scope that is no text": [.called(accepted: nil, asked: true)],
        "subject that is a number": [.called(accepted: ["5", "app"], asked: true)],
        "expiry as text": [.called(accepted: ["alice", "app"], asked: true)],
        "no client": [.called(accepted: ["alice", nil], asked: true)],
        "token outside the grammar": [.called(accepted: nil, asked: false)],
        "overwriting what has expired": [.found(3), .found(nil)],
        "storing what has expired": [.found(1)],
    ]

    @Test func `accepts, asks, keeps and evicts as FastMCP does, but for the departures`() async throws {
        let histories = try FastMCPHistory.all()
        #expect(Set(histories.compactMap(\.departure)) == Set(Self.departures.keys))
        for (number, history) in histories.enumerated() {
            let theirs = history.outcomes
            let ours = try await outcomes(of: history)
            if let name = history.departure {
                let differing = zip(ours, theirs).filter { $0 != $1 }.map(\.0)
                #expect(differing == Self.departures[name], "the departure \(name)")
            } else {
                #expect(ours == theirs, "history \(number + 1)")
            }
        }
    }

    private func outcomes(of history: FastMCPHistory) async throws -> [FastMCPHistory.Outcome] {
        let clock = ManualClock(now: Timestamp(millisecondsSince1970: 1_900_000_000_000))
        let tick: Duration = history.departure == nil ? .milliseconds(1) : .zero
        do {
            if let calls = history.calls { return try await replay(calls, of: history, clock, tick) }
            return try await replay(history.operations ?? [], of: history, clock, tick)
        } catch is ConfigurationError {
            return []
        }
    }

    private func replay(
        _ calls: [FastMCPHistory.Call],
        of history: FastMCPHistory,
        _ clock: ManualClock,
        _ tick: Duration
    ) async throws -> [FastMCPHistory.Outcome] {
        var options = TokenCacheOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() })
        options.clock = WallClock(clock)
        let cache = try TokenCache(
            timeToLive: history.timeToLive.map { .seconds($0) },
            capacity: history.capacity ?? 10_000,
            options: options
        )
        let authority = Mutex<(reply: HTTPReply, asked: Bool)>(
            (HTTPReply(head: .init(status: .ok), body: []), false)
        )
        let endpoint = try IntrospectionEndpoint(
            url: "https://issuer.example/introspect",
            clientID: "api",
            clientSecret: ClientSecret("hush"),
            transport: ScriptedTransport {
                authority.withLock {
                    $0.asked = true
                    return $0.reply
                }
            }
        )
        let verifier = try IntrospectionTokenVerifier(endpoint, requiring: .scopes("read"), cache: cache)
        var outcomes: [FastMCPHistory.Outcome] = []
        for call in calls {
            clock.advance(by: .seconds(call.pause) + tick)
            authority.withLock { $0 = (call.reply, false) }
            let caller = try? await verifier.verify(BearerToken(call.token))
            let accepted = caller.map { [$0.subject, $0.clientID] }
            outcomes.append(.called(accepted: accepted, asked: authority.withLock { $0.asked }))
        }
        return outcomes
    }

    private func replay(
        _ operations: [FastMCPHistory.Operation],
        of history: FastMCPHistory,
        _ clock: ManualClock,
        _ tick: Duration
    ) async throws -> [FastMCPHistory.Outcome] {
        let store = try MemoryStore<Int>(capacity: history.capacity, clock: WallClock(clock))
        var outcomes: [FastMCPHistory.Outcome] = []
        for operation in operations {
            clock.advance(by: .seconds(operation.pause) + tick)
            let key = try #require(CacheKey(Array(SHA256.hash(data: Array(operation.token.utf8)))))
            guard let value = operation.value else {
                outcomes.append(.found(try await store.entry(for: key)?.value))
                continue
            }
            let end = clock.now.advanced(by: .seconds(history.timeToLive ?? 0))
            let expiry = operation.expiry.map { Timestamp(millisecondsSince1970: $0 * 1000) }
            try await store.setEntry(CacheEntry(value, expiry: min(end, expiry ?? end)), for: key)
        }
        return outcomes
    }
}
