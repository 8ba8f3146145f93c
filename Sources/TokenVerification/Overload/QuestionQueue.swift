import CacheStoresWaiting
import Synchronization

/// Bounds how many questions are under way at once, and how many more wait for their turn.
///
/// Half of the places, those for waiting included, are reserved for tokens that were accepted before. So a flood of
/// unknown tokens does not stop questions on known ones.
package final class QuestionQueue: Sendable {
    private struct Waiter {
        let number: UInt64
        let isKnown: Bool
        let turn: PendingResult<Void, VerificationError>
    }

    /// Numbers of questions: all of them, and those on unknown tokens.
    private struct Count {
        var total = 0
        var unknown = 0

        mutating func change(by difference: Int, isKnown: Bool) {
            total += difference
            if !isKnown { unknown += difference }
        }

        func hasRoom(_ limit: Int, isKnown: Bool) -> Bool {
            total < limit && (isKnown || unknown < limit - limit / 2)
        }
    }

    private struct State {
        var underway = Count()
        var waiting = Count()
        /// In the order of arrival.
        var waiters: [Waiter] = []
        var nextNumber: UInt64 = 0
    }

    /// The `retryAfter` of a question that found no place.
    private static let retryAfter = Duration.seconds(1)

    private let limit: Int
    private let waitingLimit: Int
    private let waitLimit: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many questions may be under way.
    ///   - waitingLimit: how many more may wait.
    ///   - waitLimit: how long each may wait.
    package init(limit: Int, waitingLimit: Int, waitLimit: Duration) {
        self.limit = limit
        self.waitingLimit = waitingLimit
        self.waitLimit = waitLimit
    }

    /// How many questions wait.
    package var waitingCount: Int { state.withLock { $0.waiting.total } }

    /// Asks a question as soon as there is a place for it.
    ///
    /// - Parameters:
    ///   - isKnown: whether it is about a token that was accepted before.
    ///   - limit: how long it may wait, if that is less than any question may.
    ///   - operation: asks the question.
    /// - Returns: the answer.
    /// - Throws: `overloaded` or `cancelled` if there was no place in time, else what the operation throws.
    package func withPlace<Answer>(
        isKnown: Bool,
        within limit: Duration,
        _ operation: () async throws(VerificationError) -> Answer
    ) async throws(VerificationError) -> Answer {
        try await enter(isKnown: isKnown, within: limit)
        defer { leave(isKnown: isKnown) }
        return try await operation()
    }

    private func enter(isKnown: Bool, within limit: Duration) async throws(VerificationError) {
        guard let waiter = try waiter(isKnown: isKnown) else { return }
        let deadline = Deadline(after: min(waitLimit, limit))
        let alarm = Alarms.shared.set(for: deadline) { self.giveUp(waiter, for: .overloaded) }
        defer { Alarms.shared.cancel(alarm) }
        let turn = await withTaskCancellationHandler {
            await waiter.turn.result()
        } onCancel: {
            giveUp(waiter, for: .cancelled)
        }
        try turn.get()
    }

    /// Takes a place, or one in the queue.
    ///
    /// - Returns: the waiter, or `nil` if the question may be asked at once.
    private func waiter(isKnown: Bool) throws(VerificationError) -> Waiter? {
        try state.withLock { state throws(VerificationError) -> Waiter? in
            if state.underway.hasRoom(limit, isKnown: isKnown) {
                state.underway.change(by: 1, isKnown: isKnown)
                return nil
            }
            guard state.waiting.hasRoom(waitingLimit, isKnown: isKnown) else { throw Self.error(.overloaded) }
            state.waiting.change(by: 1, isKnown: isKnown)
            state.nextNumber += 1
            let waiter = Waiter(number: state.nextNumber, isKnown: isKnown, turn: PendingResult())
            state.waiters.append(waiter)
            return waiter
        }
    }

    private func leave(isKnown: Bool) {
        let next = state.withLock { state -> Waiter? in
            state.underway.change(by: -1, isKnown: isKnown)
            let limit = limit
            guard
                let index = state.waiters.firstIndex(where: {
                    state.underway.hasRoom(limit, isKnown: $0.isKnown)
                })
            else { return nil }
            let next = state.waiters.remove(at: index)
            state.waiting.change(by: -1, isKnown: next.isKnown)
            state.underway.change(by: 1, isKnown: next.isKnown)
            return next
        }
        next?.turn.settle(.success(()))
    }

    private func giveUp(_ waiter: Waiter, for reason: VerificationError.Reason) {
        let isWaiting = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == waiter.number }) else {
                return false
            }
            state.waiters.remove(at: index)
            state.waiting.change(by: -1, isKnown: waiter.isKnown)
            return true
        }
        if isWaiting { waiter.turn.settle(.failure(Self.error(reason))) }
    }

    private static func error(_ reason: VerificationError.Reason) -> VerificationError {
        VerificationError(reason, retryAfter: reason == .overloaded ? retryAfter : nil)
    }
}
