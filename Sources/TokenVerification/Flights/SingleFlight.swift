import CacheStores
import CacheStoresWaiting

/// Asks each question once at a time, whatever the number of callers.
///
/// A flight belongs to none of its callers: it outlives the first one's cancellation and carries no task-local values
/// but the first one's place in a trace. Its failure is given to its waiters and not remembered.
final class SingleFlight: Sendable {
    private struct State {
        /// The flights that callers may join.
        var openFlights: [CacheKey: Flight] = [:]
        /// The others that have not landed.
        var closedFlights: [ObjectIdentifier: Flight] = [:]
        var isShutDown = false

        var isIdle: Bool { openFlights.isEmpty && closedFlights.isEmpty }

        mutating func close(_ flight: Flight) {
            openFlights[flight.key] = nil
            closedFlights[ObjectIdentifier(flight)] = flight
        }
    }

    private let state = AsyncMonitor(State())

    /// The answer to a question, and whether another caller had asked it already.
    ///
    /// - Parameters:
    ///   - key: names the question.
    ///   - isJoinable: whether callers share the answer.
    ///   - operation: asks it; it is given the flight to see whether the answer may be kept.
    /// - Returns: the answer, and whether the question was another caller's.
    /// - Throws: ``VerificationError``: the flight's, or `shutDown` or `cancelled`.
    func answer(
        for key: CacheKey,
        isJoinable: Bool = true,
        _ operation: @escaping @Sendable (Flight) async -> Flight.Result
    ) async throws(VerificationError) -> (answer: Verification, isShared: Bool) {
        let caller = CallerTrace.current
        let (flight, isShared) = try state.withLock { state throws(VerificationError) -> (Flight, Bool) in
            if isJoinable, let flight = state.openFlights[key] { return (flight, true) }
            guard !state.isShutDown else { throw VerificationError(.shutDown) }
            let flight = Flight(key: key, startedBy: caller)
            if isJoinable {
                state.openFlights[key] = flight
            } else {
                state.closedFlights[ObjectIdentifier(flight)] = flight
            }
            return (flight, false)
        }
        if !isShared {
            // On the caller's thread, where the system can do that. Ended by its own return, hastened by `shutdown()`;
            // detached so that it inherits nothing.
            let task = startDetached {
                let result = await operation(flight)
                self.end(flight)
                flight.finish(result)
            }
            launched(flight, by: task)
        } else if let context = caller?.context {
            flight.span?.link(context)
        }
        let result = await flight.result()
        // No other caller has joined it.
        if !isJoinable, Task.isCancelled { flight.cancel() }
        return (try result.get(), isShared)
    }

    /// Starts a flight that no caller waits for, at a low priority.
    ///
    /// Nothing starts if one for the key is under way, if as many as the limit are, or after ``shutdown()``.
    ///
    /// - Parameters:
    ///   - key: names the question.
    ///   - limit: how many flights may be under way at once.
    ///   - operation: asks it.
    func start(for key: CacheKey, limit: Int, _ operation: @escaping @Sendable (Flight) async -> Void) {
        let caller = CallerTrace.current
        let flight = state.withLock { state -> Flight? in
            guard !state.isShutDown, state.openFlights[key] == nil,
                state.openFlights.count + state.closedFlights.count < limit
            else { return nil }
            let flight = Flight(key: key, startedBy: caller)
            state.openFlights[key] = flight
            return flight
        }
        guard let flight else { return }
        // Ended by its own return, hastened by `shutdown()`.
        let task = Task.detached(priority: .utility) {
            await operation(flight)
            self.end(flight)
        }
        launched(flight, by: task)
    }

    /// Detaches every flight for a key; the next caller starts a new one.
    func detach(_ key: CacheKey) {
        let flights = state.withLock { state in
            if let flight = state.openFlights[key] { state.close(flight) }
            return state.closedFlights.values.filter { $0.key == key }
        }
        for flight in flights { flight.detach() }
    }

    /// Detaches every flight.
    func detachAll() {
        closeFlights()
        for flight in state.withLock({ Array($0.closedFlights.values) }) { flight.detach() }
    }

    /// Lets no caller join the flights that are under way; their answers are kept nevertheless.
    func closeFlights() {
        state.withLock { state in
            let flights = state.openFlights.values
            state.openFlights = [:]
            for flight in flights { state.closedFlights[ObjectIdentifier(flight)] = flight }
        }
    }

    /// Lets no caller join the flight for a key; its answer is kept nevertheless.
    func closeFlight(for key: CacheKey) {
        state.withLock { state in
            if let flight = state.openFlights[key] { state.close(flight) }
        }
    }

    /// Refuses new flights, ends the running ones and returns when they have ended.
    func shutdown() async {
        let flights = state.withLock { state in
            state.isShutDown = true
            return Array(state.openFlights.values) + state.closedFlights.values
        }
        for flight in flights { flight.cancel() }
        await state.wait { $0.isIdle }
    }

    private func launched(_ flight: Flight, by task: Task<Void, Never>) {
        flight.adopt(task)
        // A concurrent `shutdown()` may have looked for the task before it was set.
        if state.withLock({ $0.isShutDown }) { task.cancel() }
    }

    private func end(_ flight: Flight) {
        state.withLock { state in
            if state.openFlights[flight.key] === flight {
                state.openFlights[flight.key] = nil
            } else {
                state.closedFlights[ObjectIdentifier(flight)] = nil
            }
        }
    }
}
