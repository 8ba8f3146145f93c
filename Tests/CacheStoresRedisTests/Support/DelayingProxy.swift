import NIOCore
import NIOPosix
import Synchronization

/// A proxy between a store and its server, which can hold back one direction of one connection.
final class DelayingProxy: Sendable {
    enum Direction: Sendable {
        case requests, replies
    }

    private let listener: any Channel
    private let traffic: Traffic

    init(to port: Int) async throws {
        let traffic = Traffic()
        self.traffic = traffic
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                let number = traffic.nextConnection()
                return ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in
                        server.eventLoop.makeCompletedFuture {
                            let forwarder = Forwarder(to: client) {
                                traffic.pass($0, to: client, .replies, over: number)
                            }
                            try server.pipeline.syncOperations.addHandler(forwarder)
                        }
                    }
                    .connect(host: "127.0.0.1", port: port)
                    .flatMapThrowing { server in
                        let forwarder = Forwarder(to: server) {
                            traffic.pass($0, to: server, .requests, over: number)
                        }
                        try client.pipeline.syncOperations.addHandler(forwarder)
                    }
                    .flatMap { client.setOption(.autoRead, value: true) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var address: String { "redis://127.0.0.1:\(listener.localAddress?.port ?? 0)" }

    /// The number of bytes that are held back.
    var heldBytes: Int { traffic.state.withLock { $0.held.reduce(0) { $0 + $1.bytes.readableBytes } } }

    /// The number of bytes that the server has sent over a connection.
    func passedBytes(connection: Int) -> Int { traffic.state.withLock { $0.passed[connection] ?? 0 } }

    /// Holds back all later bytes of a connection; connections are numbered in order, from 0.
    func hold(_ direction: Direction = .replies, connection: Int) {
        traffic.state.withLock { $0.heldWay = Way(direction: direction, connection: connection) }
    }

    /// Forwards the held bytes in order, and all later ones at once.
    func release() {
        traffic.state.withLock { state in
            for (receiver, bytes) in state.held { receiver.writeAndFlush(bytes, promise: nil) }
            (state.held, state.heldWay) = ([], nil)
        }
    }

    func stop() async throws {
        try await listener.close()
    }

    private struct Way: Equatable {
        let direction: Direction
        let connection: Int
    }

    private final class Traffic: Sendable {
        struct State {
            var connections = 0
            var heldWay: Way?
            var held: [(receiver: any Channel, bytes: ByteBuffer)] = []
            var passed: [Int: Int] = [:]
        }

        let state = Mutex(State())

        func nextConnection() -> Int {
            state.withLock { state in
                defer { state.connections += 1 }
                return state.connections
            }
        }

        func pass(
            _ bytes: ByteBuffer,
            to receiver: any Channel,
            _ direction: Direction,
            over connection: Int
        ) {
            let way = Way(direction: direction, connection: connection)
            state.withLock { state in
                guard state.heldWay != way else { return state.held.append((receiver, bytes)) }
                if direction == .replies { state.passed[connection, default: 0] += bytes.readableBytes }
                // Queued as what is released is, or it could overtake that.
                receiver.eventLoop.execute { receiver.writeAndFlush(bytes, promise: nil) }
            }
        }
    }

    private final class Forwarder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private let forward: (ByteBuffer) -> Void

        init(to other: any Channel, _ forward: @escaping (ByteBuffer) -> Void) {
            self.other = other
            self.forward = forward
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            forward(unwrapInboundIn(data))
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }
    }
}
