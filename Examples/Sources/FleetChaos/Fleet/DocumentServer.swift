import NIOCore
import NIOPosix

/// Answers every request on loopback with one document of JSON, as it is at that moment.
final class DocumentServer: Sendable {
    let port: Int
    private let channel: any Channel

    init(_ document: @escaping @Sendable () -> String) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { peer in
                peer.eventLoop.makeCompletedFuture {
                    try peer.pipeline.syncOperations.addHandler(Answering(document))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        guard let port = channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        self.port = port
    }

    func close() async throws {
        try await channel.close()
    }
}

/// Answers the first request of a connection once its head is there, and closes.
private final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let document: @Sendable () -> String
    private var head = ""

    init(_ document: @escaping @Sendable () -> String) {
        self.document = document
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        head += String(buffer: unwrapInboundIn(data))
        guard head.contains("\r\n\r\n") else { return }
        head = ""
        let body = document()
        let answer =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let channel = context.channel
        channel.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
