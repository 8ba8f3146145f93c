import CacheStores
import CacheStoresWaiting
import Synchronization

/// The connections that lookups take and put back.
final class ReaderPool: Sendable {
    private struct State {
        var idle: [Reader] = []
        var taken = 0
        var isClosed = false
        /// The file that was opened last; readers of another one are not kept.
        var identity: FileIdentity?
    }

    private let state = Mutex(State())
    /// Whether the pool was closed and every reader given back.
    private let isEmptied = AsyncMonitor(false)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes an idle reader, if there is one; each has to be given back with ``put(_:)`` or ``drop(_:)``.
    ///
    /// - Throws: `StoreError` if the pool was closed.
    func take() throws(StoreError) -> Reader? {
        let (reader, isClosed) = state.withLock { state in
            let reader = state.isClosed ? nil : state.idle.popLast()
            if reader != nil { state.taken += 1 }
            return (reader, state.isClosed)
        }
        guard !isClosed else { throw .closed }
        return reader
    }

    /// Adds a new reader, which counts as taken.
    func enter(_ reader: Reader) {
        state.withLock { $0.taken += 1 }
        adopt(reader.identity)
    }

    /// Gives a reader back to be used again.
    func put(_ reader: Reader) {
        giveBack { state in
            guard !state.isClosed, state.idle.count < limit, state.identity == reader.identity else { return }
            state.idle.append(reader)
        }
    }

    /// Gives back a reader that must not be used again.
    func drop(_ reader: Reader) {
        giveBack { _ in }
    }

    /// Notes which file the path names now, and closes idle readers of another one.
    func adopt(_ identity: FileIdentity) {
        // Closed outside of the lock, since closing a connection is slow.
        let obsolete: [Reader] = state.withLock { state in
            guard state.identity != identity else { return [] }
            state.identity = identity
            defer { state.idle = [] }
            return state.idle
        }
        withExtendedLifetime(obsolete) {}
    }

    /// Closes every connection, those in use as soon as they are given back.
    func close() async {
        let (idle, isDone) = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return (state.idle, state.taken == 0)
        }
        withExtendedLifetime(idle) {}
        if isDone { isEmptied.withLock { $0 = true } }
        await isEmptied.wait { $0 }
    }

    private func giveBack(_ keep: (inout State) -> Void) {
        let isDone = state.withLock { state in
            state.taken -= 1
            keep(&state)
            return state.isClosed && state.taken == 0
        }
        if isDone { isEmptied.withLock { $0 = true } }
    }
}
