import CacheStores
import CacheStoresTesting
import Synchronization
import Testing
import TokenVerification
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct QuestionQueueTests {
    private let scene = Scene()
    private let gate = Gate()

    private func queue(
        _ limit: Int,
        waiting: Int,
        waitLimit: Duration = .seconds(60)
    ) -> QuestionQueue {
        QuestionQueue(limit: limit, waitingLimit: waiting, waitLimit: waitLimit)
    }

    /// A question of the queue that waits for the gate, and notes when it begins.
    private func ask(
        _ queue: QuestionQueue,
        _ begun: Begun,
        _ name: String,
        isKnown: Bool
    ) -> Task<Void, any Error> {
        Task { [gate] in
            try await queue.withPlace(isKnown: isKnown, within: .seconds(60)) {
                () async throws(VerificationError) in
                begun.note(name)
                await gate.pass()
            }
        }
    }

    @Test func `serves in the order of arrival, known tokens first where only they may`() async throws {
        let queue = queue(2, waiting: 8)
        let begun = Begun()
        let first = [
            ask(queue, begun, "known 1", isKnown: true), ask(queue, begun, "known 2", isKnown: true),
        ]
        try await eventually { begun.names.count == 2 }
        var waiting: [Task<Void, any Error>] = []
        for (name, isKnown) in [("a", false), ("b", false), ("known 3", true), ("c", false)] {
            waiting.append(ask(queue, begun, name, isKnown: isKnown))
            try await eventually { queue.waitingCount == waiting.count }
        }
        gate.open()
        for task in first + waiting { try await task.value }
        // Of two places strangers take one at a time, in their order.
        #expect(begun.names.filter { $0.count == 1 } == ["a", "b", "c"])
        #expect(Set(begun.names.prefix(4)).isSuperset(of: ["known 1", "known 2", "a"]))
        #expect(queue.waitingCount == 0)
    }

    @Test func `keeps half of the places for known tokens, under way and waiting`() async throws {
        let queue = queue(4, waiting: 4)
        let begun = Begun()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<4 {
            tasks.append(ask(queue, begun, "stranger \(number)", isKnown: false))
            let wanted = (min(number + 1, 2), max(0, number - 1))
            try await eventually { begun.names.count == wanted.0 && queue.waitingCount == wanted.1 }
        }
        await expect(.overloaded) {
            try await queue.withPlace(isKnown: false, within: .seconds(60)) {
                () async throws(VerificationError) in
            }
        }
        for number in 0..<2 {
            tasks.append(ask(queue, begun, "known \(number)", isKnown: true))
            try await eventually { begun.names.count == 3 + number }
        }
        for number in 0..<2 {
            tasks.append(ask(queue, begun, "waiting \(number)", isKnown: true))
            try await eventually { queue.waitingCount == 3 + number }
        }
        await expect(.overloaded) {
            try await queue.withPlace(isKnown: true, within: .seconds(60)) {
                () async throws(VerificationError) in
            }
        }
        gate.open()
        for task in tasks { try await task.value }
        #expect(begun.names.count == 8)
    }

    @Test func `rejects a call that waited too long, with a time to retry`() async throws {
        let queue = queue(1, waiting: 1, waitLimit: .milliseconds(20))
        let begun = Begun()
        let first = ask(queue, begun, "first", isKnown: false)
        try await eventually { begun.names.count == 1 }
        let error = await #expect(throws: VerificationError.self) {
            try await queue.withPlace(isKnown: false, within: .seconds(60)) {
                () async throws(VerificationError) in
            }
        }
        #expect(error?.reason == .overloaded && error?.code == .unavailable && error?.retryAfter != nil)
        #expect(queue.waitingCount == 0)
        gate.open()
        try await first.value
        try await queue.withPlace(isKnown: false, within: .seconds(60)) {
            () async throws(VerificationError) in
        }
    }

    @Test func `drops a call that is cancelled, and no other`() async throws {
        let queue = queue(1, waiting: 2)
        let begun = Begun()
        let first = ask(queue, begun, "first", isKnown: false)
        try await eventually { begun.names.count == 1 }
        let leaving = ask(queue, begun, "leaving", isKnown: true)
        try await eventually { queue.waitingCount == 1 }
        let staying = ask(queue, begun, "staying", isKnown: false)
        try await eventually { queue.waitingCount == 2 }
        leaving.cancel()
        await expect(.cancelled) { try await leaving.value }
        gate.open()
        try await first.value
        try await staying.value
        #expect(begun.names == ["first", "staying"])
    }

    /// The whole cache: a flood of unknown tokens, and one that was accepted before.
    @Test(arguments: [true, false])
    func `lets a known token be asked about in the middle of a flood`(isKept: Bool) async throws {
        var options = scene.options
        options.questions.maximum = 4
        options.questions.maximumWaiting = 4
        options.stale.grace = isKept ? .seconds(300) : nil
        let authority = scene.accepting()
        let store = try MemoryStore<VerifiedToken>(clock: scene.wallClock)
        func verifier() throws -> AuthorityTokenVerifier<ScriptedAuthority> {
            let cache = try TokenCache(store: store, timeToLive: .seconds(300), options: options)
            return try AuthorityTokenVerifier(authority: authority, cache: cache)
        }
        let earlier = try verifier()
        #expect(try await earlier.source("known") == .authority)
        scene.clock.advance(by: .seconds(300))
        // What another process accepted is known by its outdated record alone.
        let flooded = isKept ? try verifier() : earlier
        authority.nowAnswers { [gate, scene] token in
            if token != (try? BearerToken("known")) { await gate.pass() }
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let flood = (0..<40).map { number in Task { try? await flooded.source("stranger\(number)") } }
        try await eventually { flooded.cache.statistics.overloads >= 36 }
        #expect(try await flooded.source("known") == .authority)
        gate.open()
        for caller in flood { _ = await caller.value }
    }

    @Test func `counts a token that was refused since as unknown`() async throws {
        var options = scene.options
        options.questions.maximum = 2
        options.questions.maximumWaiting = 1
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let authority = scene.accepting()
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        #expect(try await verifier.source("known") == .authority)
        scene.clock.advance(by: .seconds(300))
        authority.nowAnswers { _ in .refused }
        await expect(.refused) { try await verifier.source("known") }
        authority.nowAnswers { [gate, scene] token in
            if token.text != "known" { await gate.pass() }
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        // One place and one turn are for unknown tokens.
        let others = (0..<2).map { number in Task { try await verifier.source("other\(number)") } }
        try await eventually { authority.questions == 3 && cache.condition.waitingQuestions == 1 }
        await expect(.overloaded) { try await verifier.source("known") }
        gate.open()
        for caller in others { _ = try await caller.value }
    }
}

/// The names of questions, in the order in which they began.
private final class Begun: Sendable {
    private let noted = Mutex<[String]>([])

    var names: [String] { noted.withLock { $0 } }

    func note(_ name: String) { noted.withLock { $0.append(name) } }
}
