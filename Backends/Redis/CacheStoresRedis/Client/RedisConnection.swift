import CacheStores
import NIOCore
import Synchronization

/// One connection to a server: sends what its mailbox holds in one write, and gives each reply to the oldest call.
///
/// Replies come in the order of the commands, so a call whose caller left keeps its place. Whatever can't be right on
/// the wire closes the connection, and then every call fails. A connection that listens to a channel has no calls:
/// then everything that comes is a message (see ``listen(to:by:_:)``).
///
/// `@unchecked Sendable`: everything that changes is used on the event loop only, but for the mailbox and the offset,
/// which are safe by themselves.
final class RedisConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let endpoint: RedisEndpoint
    let eventLoop: any EventLoop
    let opened = WallClock.monotonic.now
    /// By how many milliseconds the server's clock is ahead of ours.
    let clockOffset = Atomic<Int64>(0)
    /// Whether the server's policy for a lack of memory has been looked at.
    let isEvictionChecked = Atomic(false)
    private let mailbox = RedisMailbox()
    private let reader: ReplyReader
    private let patience: Int64
    private var pending = CircularBuffer<RedisCall>()
    private var context: ChannelHandlerContext?
    private var watch: Scheduled<Void>?
    private var lastHeard: Timestamp
    private var failure: StoreError?
    private var listener: RedisListener?

    /// - Parameters:
    ///   - eventLoop: the channel's event loop.
    ///   - endpoint: the server.
    ///   - patience: how long a call usually waits for its reply.
    /// - Throws: `StoreError` if there is no memory.
    init(on eventLoop: any EventLoop, to endpoint: RedisEndpoint, patience: Duration) throws(StoreError) {
        self.eventLoop = eventLoop
        self.endpoint = endpoint
        self.patience = max(1, patience.wholeMilliseconds)
        reader = try ReplyReader()
        lastHeard = WallClock.monotonic.now
    }

    /// Returns when the connection is no more.
    func waitUntilClosed() async {
        let closing = eventLoop.flatSubmit { [self] in
            context?.channel.closeFuture ?? eventLoop.makeSucceededVoidFuture()
        }
        try? await closing.get()
    }

    /// For how long it has been open.
    var age: Duration { opened.duration(to: WallClock.monotonic.now) }

    /// When a call gives up that begins now, by the monotonic clock.
    var deadline: Timestamp { WallClock.monotonic.now.advanced(byMilliseconds: patience) }

    /// Sends a command and waits for the reply.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - deadline: when to give up, by the monotonic clock; `nil` for as long as usual from now.
    ///   - asksForImport: whether the server is to answer although it is only just receiving the slot.
    /// - Returns: the reply, which may be the server's complaint.
    /// - Throws: `StoreError` if there is none in time, or `CancellationError`.
    func reply(
        to command: RedisCommand,
        by deadline: Timestamp? = nil,
        asksForImport: Bool = false
    ) async throws -> RedisReply {
        let call = RedisCall(by: deadline ?? self.deadline)
        let leader = try asksForImport ? Self.asking(by: call.deadline) : nil
        switch mailbox.put(call, command, after: leader) {
        case .first: eventLoop.execute { self.send() }
        case .followed: break
        case .refused: throw StoreError.lostConnection(to: endpoint)
        }
        return try await call.reply()
    }

    /// Ends the connection; calls that wait fail.
    func close() {
        eventLoop.execute { self.end(.lostConnection(to: self.endpoint)) }
    }

    /// Gives everything that comes from now on to a listener; on the event loop.
    ///
    /// - Throws: why the connection is no more, if that is so.
    func setListener(_ listener: RedisListener) throws(StoreError) {
        if let failure { throw failure }
        self.listener = listener
    }

    /// Sends something whose answer is no call's; on the event loop.
    func sendUnasked(_ command: RedisCommand) {
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
                lastHeard = WallClock.monotonic.now
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
            // Nobody asked: then no later reply can be trusted to be its call's.
            let message = "\(endpoint) sent a reply that nobody had asked for"
            return end(StoreError(code: .unavailable, message: message))
        }
        if let expected = call.expected, reply != expected {
            return end(StoreError(code: .unavailable, message: "\(endpoint) mixes up its replies"))
        }
        call.settle(.success(reply))
    }

    /// Sends everything that has queued up.
    private func send() {
        let (calls, bytes) = mailbox.empty()
        guard let context, failure == nil else {
            for call in calls { call.settle(.failure(failure ?? .lostConnection(to: endpoint))) }
            return
        }
        guard !calls.isEmpty else { return }
        pending.append(contentsOf: calls)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        if watch == nil { scheduleWatch() }
    }

    /// Looks after the calls soon, and again for as long as there are any.
    private func scheduleWatch() {
        let interval = TimeAmount.milliseconds(min(max(5, patience / 16), 50))
        watch = eventLoop.scheduleTask(in: interval) { [self] in
            giveUp()
            watch = nil
            if failure == nil, !pending.isEmpty { scheduleWatch() }
        }
    }

    /// Fails the calls whose time is over, and the connection if the server has said nothing for very long.
    private func giveUp() {
        let now = WallClock.monotonic.now
        guard let first = pending.first else { return }
        let late = pending.filter { now >= $0.deadline }
        guard !late.isEmpty else { return }
        for call in late {
            call.settle(.failure(StoreError(code: .timedOut, message: "\(endpoint) did not answer in time")))
        }
        checkTurns()
        let silence = now.millisecondsSince1970 - max(lastHeard, first.deadline).millisecondsSince1970
        if silence > 2 * patience { end(.lostConnection(to: endpoint)) }
    }

    /// Makes sure that replies still come in the order of the commands, once one has been missing.
    private func checkTurns() {
        guard !pending.contains(where: { $0.expected != nil }) else { return }
        let nonce = String(UInt64.random(in: .min ... .max))
        guard let command = try? RedisCommand("ECHO", nonce) else { return }
        pending.append(RedisCall(by: deadline, expecting: .bytes(Array(nonce.utf8))))
        sendUnasked(command)
    }

    private func end(_ error: StoreError) {
        guard failure == nil else { return }
        failure = error
        watch?.cancel()
        let calls = mailbox.close()
        for call in pending { call.settle(.failure(error)) }
        for call in calls { call.settle(.failure(error)) }
        pending.removeAll()
        context?.close(promise: nil)
        listener?.end()
    }

    private static func asking(by deadline: Timestamp) throws -> (RedisCall, RedisCommand) {
        (RedisCall(by: deadline, expecting: .status("OK")), try RedisCommand("ASKING"))
    }
}
