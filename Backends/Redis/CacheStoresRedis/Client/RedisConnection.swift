#if Redis
import CacheStores
import CacheStoresWaiting
import NIOCore
import Synchronization

/// One connection to a server: sends all queued commands in one write, and gives each reply to the oldest call.
///
/// Replies come in the order of the commands, so a call whose caller left keeps its place. A wrong reply closes the
/// connection, and then every call fails. A connection with a subscription has no calls: every reply is a message (see
/// ``listen(to:heartbeat:_:)``).
///
/// `@unchecked Sendable`: mutable state is used on the event loop only, except the queue and the atomics, which are
/// safe by themselves.
final class RedisConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let endpoint: RedisEndpoint
    let eventLoop: any EventLoop
    /// By how many milliseconds the server's clock is ahead of this machine's.
    let clockOffset = Atomic<Int64>(0)
    /// Whether the server's `maxmemory-policy` has been checked.
    let isEvictionChecked = Atomic(false)
    private let queue = RedisSendQueue()
    private let reader: ReplyReader
    private let waitLimit: Duration
    private let opened = ContinuousClock.now
    private var pending = CircularBuffer<RedisCall>()
    private var context: ChannelHandlerContext?
    private var watch: Scheduled<Void>?
    private var lastHeard = ContinuousClock.now
    private var failure: StoreError?
    private var listener: RedisListener?

    /// - Parameters:
    ///   - eventLoop: the channel's event loop.
    ///   - endpoint: the server.
    ///   - waitLimit: how long a call without a deadline waits for its reply.
    /// - Throws: `StoreError` if hiredis can't allocate memory.
    init(on eventLoop: any EventLoop, to endpoint: RedisEndpoint, waitLimit: Duration) throws(StoreError) {
        self.eventLoop = eventLoop
        self.endpoint = endpoint
        self.waitLimit = waitLimit
        reader = try ReplyReader()
    }

    /// Waits until the connection is closed; a cancelled task closes it.
    func waitUntilClosed() async {
        let closing = eventLoop.flatSubmit { [self] in
            context?.channel.closeFuture ?? eventLoop.makeSucceededVoidFuture()
        }
        await withTaskCancellationHandler {
            try? await closing.get()
        } onCancel: {
            close()
        }
    }

    /// The time since the connection was opened.
    var age: Duration { opened.duration(to: .now) }

    /// When a call that begins now times out.
    var deadline: Deadline { Deadline(after: waitLimit) }

    /// Sends a command and waits for the reply.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - deadline: when the call times out; `nil` for the store's deadline from now.
    ///   - asksForImport: whether to send `ASKING` first, so that a server that is importing the slot answers.
    /// - Returns: the reply, which may be an error reply.
    /// - Throws: `StoreError` if no reply comes in time, or `CancellationError`.
    func reply(
        to command: RedisCommand,
        by deadline: Deadline? = nil,
        asksForImport: Bool = false
    ) async throws -> RedisReply {
        let call = RedisCall(by: deadline ?? self.deadline)
        let leader = try asksForImport ? Self.asking(by: call.deadline) : nil
        switch queue.put(call, command, after: leader) {
        case .first: eventLoop.execute { self.send() }
        case .followed: break
        case .refused: throw StoreError.lostConnection(to: endpoint)
        }
        return try await call.reply()
    }

    /// Sends a command, and throws an error reply as a `StoreError`.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - name: the command's name in the message of an error; `nil` for its first word.
    /// - Returns: the reply.
    /// - Throws: `StoreError`, or `CancellationError`.
    func answer(to command: RedisCommand, as name: String? = nil) async throws -> RedisReply {
        let reply = try await reply(to: command)
        if case .error(let complaint) = reply {
            throw StoreError(redis: complaint, from: endpoint, to: name ?? command.name)
        }
        return reply
    }

    /// Closes the connection; pending calls fail.
    func close() {
        eventLoop.execute { self.end(.lostConnection(to: self.endpoint)) }
    }

    /// Gives all later replies to a listener; to be called on the event loop.
    ///
    /// - Throws: the failure that closed the connection, if it is closed.
    func setListener(_ listener: RedisListener) throws(StoreError) {
        if let failure { throw failure }
        self.listener = listener
    }

    /// Sends a command whose reply belongs to no call; to be called on the event loop.
    func sendWithoutCall(_ command: RedisCommand) {
        guard let context, failure == nil else { return }
        var buffer = context.channel.allocator.buffer(capacity: 64)
        command.write(into: &buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(.lostConnection(to: endpoint))
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        do {
            try buffer.withUnsafeReadableBytes { bytes in try reader.feed(bytes) }
            while failure == nil, let reply = try reader.next() {
                lastHeard = .now
                take(reply)
            }
        } catch {
            end(error as? StoreError ?? .lostConnection(to: endpoint))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.lostConnection(to: endpoint))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let message = "the connection to \(endpoint) failed"
        end(StoreError(code: .unavailable, message: message, cause: error))
    }

    private func take(_ reply: RedisReply) {
        if let listener {
            listener.hear(reply)
            return
        }
        guard let call = pending.popFirst() else {
            // One reply too many may shift every later reply to the wrong call.
            let message = "\(endpoint) sent a reply without a command"
            return end(StoreError(code: .unavailable, message: message))
        }
        if let expected = call.expected, reply != expected {
            return end(StoreError(code: .unavailable, message: "\(endpoint) sent replies out of order"))
        }
        call.settle(.success(reply))
    }

    /// Sends all queued commands.
    private func send() {
        let (calls, bytes) = queue.takeAll()
        guard let context, failure == nil else {
            for call in calls { call.settle(.failure(failure ?? .lostConnection(to: endpoint))) }
            return
        }
        guard !calls.isEmpty else { return }
        pending.append(contentsOf: calls)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        if watch == nil { scheduleWatch() }
    }

    /// Checks the calls' deadlines soon, and repeats that while calls are pending.
    private func scheduleWatch() {
        let interval = TimeAmount(min(max(.milliseconds(5), waitLimit / 16), .milliseconds(50)))
        watch = eventLoop.scheduleTask(in: interval) { [self] in
            giveUp()
            watch = nil
            if failure == nil, !pending.isEmpty { scheduleWatch() }
        }
    }

    /// Fails the calls whose deadline has passed, and closes the connection of a server that stays silent.
    private func giveUp() {
        guard let first = pending.first else { return }
        let late = pending.filter(\.deadline.hasPassed)
        guard !late.isEmpty else { return }
        for call in late {
            call.settle(.failure(StoreError(code: .timedOut, message: "\(endpoint) did not answer in time")))
        }
        checkTurns()
        let silence = max(lastHeard, first.deadline.instant).duration(to: .now)
        if silence > waitLimit * 2 { end(.lostConnection(to: endpoint)) }
    }

    /// Checks, after a missing reply, that replies still come in the order of the commands.
    private func checkTurns() {
        guard !pending.contains(where: { $0.expected != nil }) else { return }
        let nonce = String(UInt64.random(in: .min ... .max))
        guard let command = try? RedisCommand("ECHO", nonce) else { return }
        pending.append(RedisCall(by: deadline, expecting: .bytes(Array(nonce.utf8))))
        sendWithoutCall(command)
    }

    private func end(_ error: StoreError) {
        guard failure == nil else { return }
        failure = error
        watch?.cancel()
        let calls = queue.close()
        for call in pending { call.settle(.failure(error)) }
        for call in calls { call.settle(.failure(error)) }
        pending.removeAll()
        context?.close(promise: nil)
        listener?.end()
    }

    private static func asking(by deadline: Deadline) throws -> (RedisCall, RedisCommand) {
        (RedisCall(by: deadline, expecting: .status("OK")), try RedisCommand("ASKING"))
    }
}
#endif
