import CacheStores
import NIOCore

/// One connection to a server: sends what its mailbox holds in one write, and gives each reply to the oldest call.
///
/// Replies come in the order of the commands, so a call whose caller left keeps its place. Whatever can't be right on
/// the wire closes the connection, and then every call fails.
///
/// `@unchecked Sendable`: everything that changes is used on the event loop only, but for the mailbox, which has a
/// lock of its own.
final class RedisConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let eventLoop: any EventLoop
    private let mailbox = RedisMailbox()
    private let reader: ReplyReader
    private let server: String
    private let patience: Int64
    private let closing: EventLoopPromise<Void>
    private var pending = CircularBuffer<RedisCall>()
    private var context: ChannelHandlerContext?
    private var watch: RepeatedTask?
    private var lastHeard: Timestamp
    private var failure: StoreError?

    /// - Parameters:
    ///   - eventLoop: the channel's event loop.
    ///   - server: the server's name, for messages.
    ///   - patience: how long a call waits for its reply.
    /// - Throws: `StoreError` if there is no memory.
    init(on eventLoop: any EventLoop, to server: String, patience: Duration) throws(StoreError) {
        self.eventLoop = eventLoop
        self.server = server
        self.patience = max(1, patience.wholeMilliseconds)
        reader = try ReplyReader()
        closing = eventLoop.makePromise()
        lastHeard = WallClock.monotonic.now
    }

    /// Done when the connection is no more.
    var closed: EventLoopFuture<Void> { closing.futureResult }

    /// Sends a command and waits for the reply.
    ///
    /// - Parameter command: the command.
    /// - Returns: the reply, which may be the server's complaint.
    /// - Throws: `StoreError` if there is none in time, or `CancellationError`.
    func reply(to command: RedisCommand) async throws -> RedisReply {
        let call = RedisCall(command, deadline: WallClock.monotonic.now.advanced(byMilliseconds: patience))
        switch mailbox.put(call) {
        case .first: eventLoop.execute { self.send() }
        case .followed: break
        case .refused: throw Self.lost(server)
        }
        return try await call.reply()
    }

    /// Ends the connection; calls that wait fail.
    func close() {
        eventLoop.execute { self.end(Self.lost(self.server)) }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let interval = TimeAmount.milliseconds(max(5, patience / 16))
        watch = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in self.giveUp() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(Self.lost(server))
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        do {
            try buffer.withUnsafeReadableBytes { bytes in try reader.feed(bytes) }
            while let reply = try reader.next() {
                lastHeard = WallClock.monotonic.now
                guard let call = pending.popFirst() else {
                    // Nobody asked: then no later reply can be trusted to be its call's.
                    let message = "\(server) sent a reply that nobody had asked for"
                    return end(StoreError(code: .unavailable, message: message))
                }
                if let expected = call.expected, reply != expected {
                    let message = "\(server) mixes up its replies"
                    return end(StoreError(code: .unavailable, message: message))
                }
                call.settle(.success(reply))
            }
        } catch {
            end(error as? StoreError ?? Self.lost(server))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(Self.lost(server))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(StoreError(code: .unavailable, message: "the connection to \(server) failed", cause: error))
    }

    /// Sends everything that has queued up, but for calls whose callers have left already.
    private func send() {
        let calls = mailbox.empty()
        guard let context, failure == nil else {
            for call in calls { call.settle(.failure(failure ?? Self.lost(server))) }
            return
        }
        var buffer = context.channel.allocator.buffer(
            capacity: calls.reduce(0) { $0 + $1.command.bytes.count }
        )
        for call in calls where !call.isSettled {
            buffer.writeBytes(call.command.bytes)
            pending.append(call)
        }
        guard buffer.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Fails the calls whose time is over, and the connection if the server has said nothing for very long.
    private func giveUp() {
        let now = WallClock.monotonic.now
        guard let oldest = pending.first, now >= oldest.deadline else { return }
        for call in pending {
            guard now >= call.deadline else { break }
            call.settle(.failure(StoreError(code: .timedOut, message: "\(server) did not answer in time")))
        }
        checkTurns(now)
        let silence = now.millisecondsSince1970 - max(lastHeard, oldest.deadline).millisecondsSince1970
        if silence > 2 * patience { end(Self.lost(server)) }
    }

    /// Makes sure that replies still come in the order of the commands, once one has been missing.
    private func checkTurns(_ now: Timestamp) {
        guard let context, !pending.contains(where: { $0.expected != nil }) else { return }
        let nonce = String(UInt64.random(in: .min ... .max))
        guard let command = try? RedisCommand("ECHO", nonce) else { return }
        let deadline = now.advanced(byMilliseconds: patience)
        pending.append(RedisCall(command, deadline: deadline, expecting: .bytes(Array(nonce.utf8))))
        let buffer = context.channel.allocator.buffer(bytes: command.bytes)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
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
        closing.succeed(())
    }

    private static func lost(_ server: String) -> StoreError {
        StoreError(code: .unavailable, message: "the connection to \(server) is lost")
    }
}
