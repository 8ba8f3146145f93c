import NIOCore
import Synchronization

/// The calls that wait for their connection's event loop to send them, all at once, and the bytes to send.
final class RedisMailbox: Sendable {
    /// A call, and how many of the bytes are its command.
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
        /// The event loop has to be woken.
        case first
        /// It is on its way.
        case followed
        /// Nobody will ever look again.
        case refused
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - call: who waits for the reply.
    ///   - command: the command.
    ///   - leader: a command that goes immediately before it, with its own call.
    /// - Returns: whether somebody has to come for it.
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

    /// Takes everything out, but for calls whose callers have left already.
    func empty() -> (calls: [RedisCall], bytes: ByteBuffer) {
        var (letters, bytes) = state.withLock { state in
            state.isLoopComing = false
            return state.takeAll()
        }
        if letters.contains(where: \.call.isSettled) { Self.drop(&letters, &bytes) }
        return (letters.map(\.call), bytes)
    }

    /// Refuses whatever comes from now on, and gives back the calls that are there.
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
