#if Redis
import NIOCore
import Synchronization

/// The queue of calls that the event loop has not sent yet, with the bytes of its next write.
final class RedisSendQueue: Sendable {
    /// A call, and the size of its command in the bytes.
    private struct QueuedCommand {
        let call: RedisCall
        let size: Int
    }

    private struct State {
        var commands: [QueuedCommand] = []
        var bytes = ByteBuffer()
        var isWriteScheduled = false
        var isClosed = false

        mutating func add(_ call: RedisCall, _ command: RedisCommand) {
            let start = bytes.writerIndex
            command.write(into: &bytes)
            commands.append(QueuedCommand(call: call, size: bytes.writerIndex - start))
        }

        mutating func takeAll() -> ([QueuedCommand], ByteBuffer) {
            defer { (commands, bytes) = ([], ByteBuffer()) }
            return (commands, bytes)
        }
    }

    enum Admission {
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
    ) -> Admission {
        state.withLock { state in
            guard !state.isClosed else { return .refused }
            if let leader { state.add(leader.call, leader.command) }
            state.add(call, command)
            defer { state.isWriteScheduled = true }
            return state.isWriteScheduled ? .followed : .first
        }
    }

    /// Empties the queue, and drops calls whose callers have left already.
    func takeAll() -> (calls: [RedisCall], bytes: ByteBuffer) {
        var (commands, bytes) = state.withLock { state in
            state.isWriteScheduled = false
            return state.takeAll()
        }
        if commands.contains(where: \.call.isSettled) { Self.drop(&commands, &bytes) }
        return (commands.map(\.call), bytes)
    }

    /// Closes the queue, and returns the calls in it.
    func close() -> [RedisCall] {
        state.withLock { state in
            state.isClosed = true
            return state.takeAll().0.map(\.call)
        }
    }

    private static func drop(_ commands: inout [QueuedCommand], _ bytes: inout ByteBuffer) {
        var (kept, rest) = ([QueuedCommand](), ByteBuffer())
        for command in commands {
            guard var part = bytes.readSlice(length: command.size), !command.call.isSettled else { continue }
            kept.append(command)
            rest.writeBuffer(&part)
        }
        (commands, bytes) = (kept, rest)
    }
}
#endif
