#if Hummingbird
import NIOCore
import NIOHTTP1

/// Keeps one HTTP/1 connection in step with its client, or closes it and says so.
///
/// It stands between NIO's decoder and the codec that makes an `HTTPRequest` of what was decoded: behind the codec the
/// version of a request is gone, and Hummingbird takes `Connection` literally. What it does:
///
/// - A request after which the decoder stops (`Upgrade`, `CONNECT`) or after which its client expects no other
///   (`Connection: close`, HTTP/1.0) is the last one. Its answer says `Connection: close`.
/// - So is a request that is answered while much of its body is still to come.
/// - After the last answer the connection is closed in steps (RFC 9112 §9.6), so that the client can read the answer.
/// - `Expect: 100-continue` is met at once, since a client may or may not send the body after another answer.
/// - An answer to `HEAD` has no body, nor has one of status 204 or 304.
/// - A client that is slow to send or to receive is closed on; the server's own waiting does not count.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How much of a body is read after its request was answered, in bytes, to keep the connection.
    private static let readableRest = 64 * 1024
    /// How much a slow client has to receive in each `requestTimeout`, in bytes.
    private static let leastDelivery = 64 * 1024
    /// How long after its last byte a client has to take note of the end before the socket is closed, and how long in all.
    private static let farewell: (silence: TimeAmount, all: TimeAmount) = (.seconds(5), .seconds(30))

    private let requestTimeout: TimeAmount
    /// The requests that are not answered yet; the first one's answer is being written.
    private var exchanges = CircularBuffer<Exchange>()
    /// The rest of the body that is being read; nil between requests.
    private var incoming: Exchange.Body?
    private var owesContinue = false
    /// Whether requests are still taken; the one being read is read to its end.
    private var takesRequests = true
    /// Whether the last bytes are on their way; the handler leaves behind them.
    private var isEnding = false
    private var isLeaving = false
    private var leavesAt = NIODeadline.distantFuture
    /// Whether what was read lately was any part of a request.
    private var hasRead = false
    /// Whether the beginning of the next request came before the earlier ones were answered.
    private var hasBeginning = false
    /// Whether the channel was asked to read, and has not read yet.
    private var isReading = false
    /// The time for the head of a request, and again for its body, paused while the client is not to blame.
    private var requestTime: Countdown?
    /// The time to receive what is written, then the time to take note of the end.
    private var outputTime: Countdown?
    /// What was not sent when ``outputTime`` started, in bytes.
    private var undelivered = 0

    /// - Parameter requestTimeout: the time for the head of a request, for its body, and for each part of an answer.
    init(requestTimeout: TimeAmount) {
        self.requestTimeout = requestTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let eventLoop = context.eventLoop.assumeIsolated()
        requestTime = Countdown(on: eventLoop) { context.close(promise: nil) }
        requestTime?.pause()
        outputTime = Countdown(on: eventLoop) { self.checkDelivery(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopTimes()
        (requestTime, outputTime) = (nil, nil)
    }

    private func stopTimes() {
        requestTime?.stop()
        outputTime?.stop()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLeaving else {
            outputTime?.start(min(Self.farewell.silence, leavesAt - .now()))
            return
        }
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            guard takesRequests else { return }
            receive(head, context)
        case .body(let bytes):
            guard incoming != nil else { return }
            incoming?.receive(bytes.readableBytes)
            context.fireChannelRead(data)
        case .end:
            guard incoming != nil else { return }
            incoming = nil
            owesContinue = false
            requestTime?.stop()
            context.fireChannelRead(data)
        }
        hasRead = true
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        holdOrGoOn()
        // Bytes that are no part of a request yet: the beginning of the next one.
        if !hasRead, takesRequests, incoming == nil {
            hasBeginning = true
            awaitRequest()
        }
        hasRead = false
        context.fireChannelReadComplete()
        if isLeaving { context.read() }
    }

    /// Nothing that lies behind the last request is read before that is answered, since the decoder would collect it.
    func read(context: ChannelHandlerContext) {
        guard takesRequests || incoming != nil || isLeaving else { return }
        isReading = true
        holdOrGoOn()
        context.read()
    }

    /// A client can't go on while the server does not read, nor while it waits for `100 Continue`.
    private func holdOrGoOn() {
        if isReading, !owesContinue { requestTime?.resume() } else { requestTime?.pause() }
    }

    /// Gives the client its time for the head that has begun, once earlier requests are answered.
    private func awaitRequest() {
        guard hasBeginning, exchanges.isEmpty, requestTime?.isStarted == false else { return }
        requestTime?.start(requestTimeout)
    }

    private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let exchange = Exchange(head)
        exchanges.append(exchange)
        incoming = Exchange.Body(head)
        hasBeginning = false
        requestTime?.start(requestTimeout)
        if Exchange.expectsContinue(head) { meetExpectation(context) }
        var head = head
        if exchange.isLast {
            takesRequests = false
            // Hummingbird would leave the body unread.
            head.headers.remove(name: "Connection")
            head.headers.remove(name: "Upgrade")
        }
        context.fireChannelRead(Self.wrapInboundOut(.head(head)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError || error is ByteToMessageDecoderError else {
            return context.fireErrorCaught(error)
        }
        guard !isLeaving, takesRequests || incoming != nil else { return }
        takesRequests = false
        owesContinue = false
        requestTime?.stop()
        if incoming == nil {
            // Hummingbird answers with 400 after what it has to answer before.
            exchanges.append(.malformed)
        } else if exchanges.isEmpty {
            return leave(context)
        } else {
            exchanges[exchanges.index(before: exchanges.endIndex)].isLast = true
        }
        incoming = nil
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !exchanges.isEmpty {
            takesRequests = false
            exchanges[exchanges.index(before: exchanges.endIndex)].isLast = true
        }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .head(let head) where head.status.code >= 200:
            context.write(Self.wrapOutboundOut(.head(final(head))), promise: promise)
        case .body where exchanges.first?.hasBody == false:
            promise?.succeed(())
        case .end:
            end(data, promise, context)
        default:
            context.write(data, promise: promise)
        }
    }

    /// The head of an answer, with what the connection's state makes of it.
    private func final(_ answer: HTTPResponseHead) -> HTTPResponseHead {
        guard var exchange = exchanges.first else { return answer }
        exchange.hasBody = !exchange.isHead && answer.status.mayHaveResponseBody
        exchanges[exchanges.startIndex] = exchange
        var answer = answer
        let restIsTooLong =
            exchanges.count == 1 && incoming.map { $0.isLonger(than: Self.readableRest) } == true
        if restIsTooLong || exchange.mustClose(after: answer) {
            takesRequests = false
            exchanges[exchanges.startIndex].isLast = true
            answer.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        // RFC 9112 §6.1: an older client does not know chunks, and NIO makes none for this version.
        if exchange.isOld { answer.version = .http1_0 }
        return answer
    }

    private func end(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        guard exchanges.popFirst()?.isLast == true else {
            context.write(data, promise: promise)
            if owesContinue { meetExpectation(context) }
            awaitRequest()
            return
        }
        leave(behind: data, promise, context)
    }

    /// Puts a close off until the answers are sent, which Hummingbird does not wait for at a graceful shutdown.
    ///
    /// An answer that waits would be cut off. One that is sent would be lost while bytes of the client lie unread.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode != .input, context.channel.isActive else {
            return context.close(mode: mode, promise: promise)
        }
        let hasUnread = !takesRequests || (incoming != nil && exchanges.isEmpty)
        guard isEnding || isLeaving || context.channel.unsentBytes > 0 || (mode == .all && hasUnread) else {
            return context.close(mode: mode, promise: promise)
        }
        context.channel.closeFuture.cascade(to: promise)
        guard !isEnding, !isLeaving else { return }
        takesRequests = false
        let nothing = context.channel.allocator.buffer(capacity: 0)
        leave(behind: Self.wrapOutboundOut(.body(.byteBuffer(nothing))), nil, context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable {
            awaitDelivery(context)
        } else if !isEnding, !isLeaving {
            outputTime?.stop()
        }
        context.fireChannelWritabilityChanged()
    }

    private func awaitDelivery(_ context: ChannelHandlerContext) {
        guard outputTime?.isStarted == false else { return }
        undelivered = context.channel.unsentBytes
        outputTime?.start(requestTimeout)
    }

    /// Closes, unless the client has received a fair part.
    private func checkDelivery(_ context: ChannelHandlerContext) {
        guard !isLeaving, context.channel.unsentBytes <= undelivered - Self.leastDelivery else {
            return context.close(promise: nil)
        }
        awaitDelivery(context)
    }

    /// Sends `100 Continue`, as soon as earlier requests are answered.
    private func meetExpectation(_ context: ChannelHandlerContext) {
        owesContinue = exchanges.count > 1
        holdOrGoOn()
        guard !owesContinue else { return }
        let interim = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(Self.wrapOutboundOut(.head(interim)), promise: nil)
    }

    /// Leaves once the last bytes are sent.
    private func leave(
        behind last: NIOAny,
        _ promise: EventLoopPromise<Void>?,
        _ context: ChannelHandlerContext
    ) {
        isEnding = true
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in self.leave(context) }
        context.writeAndFlush(last, promise: written)
        if !isLeaving { awaitDelivery(context) }
    }

    /// Ends the output, and waits a moment for the client to end its own: a socket that is closed while bytes of the client
    /// lie unread takes back what was sent.
    private func leave(_ context: ChannelHandlerContext) {
        guard !isLeaving, context.channel.isActive else { return }
        isLeaving = true
        stopTimes()
        leavesAt = .now() + Self.farewell.all
        outputTime?.start(Self.farewell.silence)
        context.close(mode: .output, promise: nil)
        // What comes now is thrown away here; a decoder that has stopped would collect it.
        let pipeline = context.pipeline.syncOperations
        if let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) {
            pipeline.removeHandler(decoder, promise: nil)
        }
        context.read()
    }
}
#endif
