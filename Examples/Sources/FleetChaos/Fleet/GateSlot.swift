import ExampleFleet
import HTTPTransports
import HTTPTypes
import Synchronization

/// A place in the fleet where a gate runs, unless it was killed a moment ago.
final class GateSlot: Sendable {
    private struct State {
        var gate: GateProcess?
        var absences = Spans()
        var pauses = Spans()
        /// The newest key whose tokens the running gate has accepted.
        var knownGeneration: Int?
    }

    let name: String
    /// The gate's way to the store.
    let link: Link
    private let start: @Sendable () async throws -> GateProcess
    private let state: Mutex<State>

    init(
        name: String,
        link: Link,
        start: @escaping @Sendable () async throws -> GateProcess
    ) async throws {
        self.name = name
        self.link = link
        self.start = start
        state = Mutex(State(gate: try await start()))
    }

    /// What the gate uses of the machine; `nil` while there is none, or where the system does not tell.
    var resources: Resources? { state.withLock(\.gate).flatMap { Resources(of: $0.identifier) } }

    /// The answer to one request; `nil` if there is none because the gate was not there all the time.
    func answer(to token: KnownToken) async -> Answer? {
        let start = ContinuousClock.now
        let (gate, known) = state.withLock { ($0.gate, $0.knownGeneration) }
        guard let gate else { return nil }
        let reply = try? await gate.verify(token.text)
        let period = start...ContinuousClock.now
        return state.withLock { state in
            guard reply != nil || !state.absences.touch(period) else { return nil }
            if let generation = token.generation, reply?.head.status == .ok,
                !state.absences.touch(period)
            {
                state.knownGeneration = max(generation, state.knownGeneration ?? 0)
            }
            return Answer(
                content: reply.map(Answer.Content.init) ?? .none,
                gate: name,
                period: period,
                pauses: state.pauses,
                knownGeneration: known
            )
        }
    }

    /// Makes the gate forget something; `false` if it did not confirm.
    func forget(_ form: KeyValuePairs<String, String>) async -> Bool {
        guard let gate = state.withLock(\.gate) else { return false }
        return (try? await gate.forget(form))?.head.status == .noContent
    }

    /// Makes the gate revoke a signed token; `false` if it did not confirm.
    func revoke(_ token: String) async -> Bool {
        guard let gate = state.withLock(\.gate) else { return false }
        return (try? await gate.revoke(token))?.head.status == .noContent
    }

    /// Kills the gate, and starts another after a while.
    func restart(after duration: Duration) async throws {
        let gate = state.withLock { state in
            state.absences.begin(at: .now)
            state.knownGeneration = nil
            return state.gate.take()
        }
        await gate?.kill()
        try await Task.sleep(for: duration)
        let next = try await start()
        state.withLock { state in
            state.gate = next
            state.absences.end(at: .now)
        }
    }

    /// Stops the gate where it is for a while.
    func pause(for duration: Duration) async throws {
        let gate = state.withLock { state in
            state.pauses.begin(at: .now)
            return state.gate
        }
        gate?.pause(true)
        defer {
            gate?.pause(false)
            state.withLock { $0.pauses.end(at: .now) }
        }
        try await Task.sleep(for: duration)
    }

    /// Ends the gate as an operator would, and gives its status.
    func stop() async throws -> Int32? {
        try await state.withLock { $0.gate.take() }?.stop()
    }
}
