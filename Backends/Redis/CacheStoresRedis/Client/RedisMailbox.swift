#if Redis
import NIOCore
import Synchronization

/// The queue of calls that the event loop has not sent yet, with the bytes of its next write.
final class RedisMailbox: Sendable {
    /// A call, and the size of its command in the bytes.
    private struct Letter {
        let call: RedisCall
        let size: Int
    }

    private struct State {
        var letters: [Letter] = []
        var bytes = ByteBuffer()
        var isLoopComing = false
        var isClosed = false

        mutating func add(_ call: RedisCall, _ command: RedisCommand) {
            let start = bytes.writerIndex
            command.write(into: &bytes)
            letters.append(Letter(call: call, size: bytes.writerIndex - start))
        }

        mutating func takeAll() -> ([Letter], ByteBuffer) {
            defer { (letters, bytes) = ([], ByteBuffer()) }
            return (letters, bytes)
        }
    }

    enum Delivery {
        /// The queue was empty: the event loop must be woken.
        case first
        /// The event loop has been woken already.
        case followed
        /// The queue is closed.
        case refused
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - call: the call that gets the reply.
    ///   - command: the command.
    ///   - leader: a command that is sent immediately before it, with its own call.
    /// - Returns: whether the caller must wake the event loop.
    func put(
        _ call: RedisCall,
        _ command: RedisCommand,
        after leader: (call: RedisCall, command: RedisCommand)? = nil
    ) -> Delivery {
        state.withLock { state in
            guard !state.isClosed else { return .refused }
            if let leader { state.add(leader.call, leader.command) }
            state.add(call, command)
            defer { state.isLoopComing = true }
            return state.isLoopComing ? .followed : .first
        }
    }

    /// Empties the queue, and drops calls whose callers have left already.
    func empty() -> (calls: [RedisCall], bytes: ByteBuffer) {
        var (letters, bytes) = state.withLock { state in
            state.isLoopComing = false
            return state.takeAll()
        }
        if letters.contains(where: \.call.isSettled) { Self.drop(&letters, &bytes) }
        return (letters.map(\.call), bytes)
    }

    /// Closes the queue, and returns the calls in it.
    func close() -> [RedisCall] {
        state.withLock { state in
            state.isClosed = true
            return state.takeAll().0.map(\.call)
        }
    }

    private static func drop(_ letters: inout [Letter], _ bytes: inout ByteBuffer) {
        var (kept, rest) = ([Letter](), ByteBuffer())
        for letter in letters {
            guard var command = bytes.readSlice(length: letter.size), !letter.call.isSettled else { continue }
            kept.append(letter)
            rest.writeBuffer(&command)
        }
        (letters, bytes) = (kept, rest)
    }
}
#endif
