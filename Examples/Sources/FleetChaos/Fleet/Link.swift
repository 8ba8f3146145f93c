import NIOCore
import NIOPosix
import Synchronization

/// A wire to a server on loopback, which can be cut: then nothing passes, and both ends stay open.
final class Link: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isCut = false
    }

    private final class Ends: Sendable {
        private let state = Mutex(State())

        func add(_ channel: any Channel) {
            let isCut = state.withLock { state in
                state.channels[ObjectIdentifier(channel)] = channel
                return state.isCut
            }
            channel.closeFuture.whenComplete { _ in
                self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
            }
            if !isCut { Self.letPass(true, through: channel) }
        }

        func cut(_ isCut: Bool) {
            let channels = state.withLock { state in
                state.isCut = isCut
                return state.channels.values
            }
            for channel in channels { Self.letPass(!isCut, through: channel) }
        }

        func close() {
            for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
        }

        private static func letPass(_ passes: Bool, through channel: any Channel) {
            channel.setOption(.autoRead, value: passes).whenSuccess { if passes { channel.read() } }
        }
    }

    private let server: any Channel
    private let ends: Ends

    /// Where this end is.
    let port: Int

    /// Lays a wire from any free port to another one.
    init(to target: Int) async throws {
        let ends = Ends()
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { near in
                ClientBootstrap(group: near.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { far in
                        // This end is not open yet, and reads nothing before it is.
                        let opening = Passing(to: far) {
                            ends.add(near)
                            ends.add(far)
                        }
                        try near.pipeline.syncOperations.addHandler(opening)
                        try far.pipeline.syncOperations.addHandler(Passing(to: near))
                    }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        self.ends = ends
        guard let port = server.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        self.port = port
    }

    /// Lets nothing pass for a while.
    func cut(for duration: Duration) async throws {
        ends.cut(true)
        defer { ends.cut(false) }
        try await Task.sleep(for: duration)
    }

    /// Closes every connection.
    func breakConnections() {
        ends.close()
    }

    func close() async throws {
        try await server.close()
        ends.close()
    }
}

/// Passes on to another connection what comes in on this one, and its end.
private final class Passing: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    private let opened: () -> Void

    init(to other: any Channel, opened: @escaping () -> Void = {}) {
        self.other = other
        self.opened = opened
    }

    func channelActive(context: ChannelHandlerContext) {
        opened()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
