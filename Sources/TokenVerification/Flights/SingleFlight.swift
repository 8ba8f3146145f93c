import CacheStores
import Synchronization

/// Asks each question once at a time, whatever the number of callers.
///
/// A flight belongs to none of its callers: it outlives the first one's cancellation, carries nobody's task-local
/// values, and its failure is told to those who wait and then forgotten.
final class SingleFlight<Answer: Sendable>: Sendable {
    /// A flight that has not landed.
    private struct Running {
        let flight: Flight<Answer>
        let key: CacheKey
        /// `nil` while the flight is being started.
        var task: Task<Void, Never>?
    }

    private struct State {
        /// The flights that callers may join.
        var flights: [CacheKey: Flight<Answer>] = [:]
        var running: [ObjectIdentifier: Running] = [:]
        /// Whoever waits for the last flight to land.
        var closers: [CheckedContinuation<Void, Never>] = []
        var isShutDown = false
    }

    private enum Boarding {
        case shared(Flight<Answer>)
        case started(Flight<Answer>)
    }

    private let state = Mutex(State())

    /// The answer to a question, and whether another caller had asked it already.
    ///
    /// - Parameters:
    ///   - key: names the question.
    ///   - operation: asks it; it is given the flight to see whether the answer may be kept.
    /// - Returns: the answer, and whether the question was another caller's.
    /// - Throws: ``VerificationError``: the flight's, or `shutDown` or `cancelled`.
    func answer(
        for key: CacheKey,
        _ operation: @escaping @Sendable (Flight<Answer>) async -> Flight<Answer>.Result
    ) async throws(VerificationError) -> (answer: Answer, isShared: Bool) {
        switch try board(key, operation) {
        case .shared(let flight): return (try await flight.result().get(), true)
        case .started(let flight): return (try await flight.result().get(), false)
        }
    }

    /// Refuses questions after ``shutdown()``, those that are no flights included.
    func checkIsOpen() throws(VerificationError) {
        try state.withLock { state throws(VerificationError) in try Self.checkIsOpen(state) }
    }

    /// Detaches every flight for a key; the next caller starts a new one.
    func detach(_ key: CacheKey) {
        let flights = state.withLock { state in
            state.flights[key] = nil
            return state.running.values.filter { $0.key == key }.map(\.flight)
        }
        for flight in flights { flight.detach() }
    }

    /// Detaches every flight.
    func detachAll() {
        let flights = state.withLock { state in
            state.flights = [:]
            return state.running.values.map(\.flight)
        }
        for flight in flights { flight.detach() }
    }

    /// Lets nobody join the flights that are under way; what they bring is kept nevertheless.
    func closeBoarding() {
        state.withLock { $0.flights = [:] }
    }

    /// Refuses new flights, ends the running ones and returns when they have ended.
    func shutdown() async {
        let tasks = state.withLock { state in
            state.isShutDown = true
            return state.running.values.compactMap(\.task)
        }
        for task in tasks { task.cancel() }
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if !state.running.isEmpty { state.closers.append(continuation) }
                return state.running.isEmpty
            }
            if isDone { continuation.resume() }
        }
    }

    private func board(
        _ key: CacheKey,
        _ operation: @escaping @Sendable (Flight<Answer>) async -> Flight<Answer>.Result
    ) throws(VerificationError) -> Boarding {
        let boarding = try state.withLock { state throws(VerificationError) -> Boarding in
            if let flight = state.flights[key] { return .shared(flight) }
            try Self.checkIsOpen(state)
            let flight = Flight<Answer>()
            state.flights[key] = flight
            state.running[ObjectIdentifier(flight)] = Running(flight: flight, key: key)
            return .started(flight)
        }
        if case .started(let flight) = boarding { start(flight, key, operation) }
        return boarding
    }

    /// Starts a flight on the caller's thread, where the system can do that, and on nobody's task.
    private func start(
        _ flight: Flight<Answer>,
        _ key: CacheKey,
        _ operation: @escaping @Sendable (Flight<Answer>) async -> Flight<Answer>.Result
    ) {
        // Ended by its own return, hastened by `shutdown()`; detached so that it inherits nothing.
        let task = startDetached {
            let result = await operation(flight)
            self.end(flight, key)
            flight.land(result)
        }
        let isLate = state.withLock { state in
            // One that had nothing to wait for has landed already.
            guard state.running[ObjectIdentifier(flight)] != nil else { return false }
            state.running[ObjectIdentifier(flight)]?.task = task
            return state.isShutDown
        }
        if isLate { task.cancel() }
    }

    private static func checkIsOpen(_ state: borrowing State) throws(VerificationError) {
        guard !state.isShutDown else { throw VerificationError(.shutDown) }
    }

    private func end(_ flight: Flight<Answer>, _ key: CacheKey) {
        let closers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running.removeValue(forKey: ObjectIdentifier(flight))
            if state.flights[key] === flight { state.flights[key] = nil }
            guard state.running.isEmpty else { return [] }
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}
