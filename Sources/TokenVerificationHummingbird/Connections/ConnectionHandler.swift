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
/// - An answer to `HEAD` has no body.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How much of a body is read after its request was answered, in bytes, to keep the connection.
    private static let readableRest = 64 * 1024
    /// How long a client has to take note of the end before the socket is closed.
    private static let farewell: TimeAmount = .seconds(5)

    private let requestTimeout: TimeAmount
    /// The requests that are not answered yet; the first one's answer is being written.
    private var exchanges = CircularBuffer<Exchange>()
    /// The rest of the body that is being read; nil between requests.
    private var incoming: Exchange.Body?
    private var owesContinue = false
    /// Whether requests are still taken; the one being read is read to its end.
    private var takesRequests = true
    private var isLeaving = false
    /// Whether what was read lately was any part of a request.
    private var hasRead = false
    private var timer: Scheduled<Void>?

    /// - Parameter requestTimeout: the time from a request's first byte to its last.
    init(requestTimeout: TimeAmount) {
        self.requestTimeout = requestTimeout
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLeaving else { return }
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
            timer?.cancel()
            timer = nil
            context.fireChannelRead(data)
        }
        hasRead = true
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes that are no part of a request yet: the beginning of the next one.
        if !hasRead, takesRequests, exchanges.isEmpty { startTimer(context) }
        hasRead = false
        context.fireChannelReadComplete()
        if isLeaving { context.read() }
    }

    /// Nothing that lies behind the last request is read before that is answered, since the decoder would collect it.
    func read(context: ChannelHandlerContext) {
        guard takesRequests || incoming != nil || isLeaving else { return }
        context.read()
    }

    private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let exchange = Exchange(head)
        exchanges.append(exchange)
        incoming = Exchange.Body(head)
        startTimer(context)
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
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        guard !isLeaving, takesRequests || incoming != nil else { return }
        takesRequests = false
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
        case .body where exchanges.first?.isHead == true:
            promise?.succeed(())
        case .end:
            end(data, promise, context)
        default:
            context.write(data, promise: promise)
        }
    }

    /// The head of an answer, with what the connection's state makes of it.
    private func final(_ answer: HTTPResponseHead) -> HTTPResponseHead {
        guard let exchange = exchanges.first else { return answer }
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
            return
        }
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in self.leave(context) }
        context.writeAndFlush(data, promise: written)
    }

    /// Sends `100 Continue`, as soon as earlier requests are answered.
    private func meetExpectation(_ context: ChannelHandlerContext) {
        owesContinue = exchanges.count > 1
        guard !owesContinue else { return }
        let interim = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(Self.wrapOutboundOut(.head(interim)), promise: nil)
    }

    /// Ends the output, and waits a moment for the client to end its own: a socket that is closed while bytes of the client
    /// lie unread takes back what was sent.
    private func leave(_ context: ChannelHandlerContext) {
        guard !isLeaving else { return }
        isLeaving = true
        timer?.cancel()
        context.close(mode: .output, promise: nil)
        // What comes now is thrown away here; a decoder that has stopped would collect it.
        let pipeline = context.pipeline.syncOperations
        if let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) {
            pipeline.removeHandler(decoder, promise: nil)
        }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewell) {
            context.close(promise: nil)
        }
        context.read()
    }

    private func startTimer(_ context: ChannelHandlerContext) {
        guard timer == nil, !isLeaving else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: requestTimeout) {
            context.close(promise: nil)
        }
    }
}
#endif
