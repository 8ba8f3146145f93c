import NIOCore
import NIOPosix

/// A server that accepts a store's connection as Redis does, and answers lookups as a test says.
final class ScriptedServer: Sendable {
    /// The bytes of a reply, and whether the connection is closed after it.
    struct Answer: Sendable {
        var bytes: String
        var closes = false
    }

    private let channel: any Channel

    /// - Parameters:
    ///   - exception: a reply to any command in place of the usual one.
    ///   - answer: the reply to a `GET`.
    /// - Throws: the error of NIO if it can't listen.
    init(
        except exception: @escaping @Sendable (String) -> Answer? = { _ in nil },
        _ answer: @escaping @Sendable () -> Answer
    ) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(exception: exception, answer: answer)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var address: String { "redis://127.0.0.1:\(port)" }

    var port: Int { channel.localAddress?.port ?? 0 }

    func stop() async throws {
        try await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let exception: @Sendable (String) -> Answer?
        private let answer: @Sendable () -> Answer
        private var input = ByteBuffer()

        init(
            exception: @escaping @Sendable (String) -> Answer?,
            answer: @escaping @Sendable () -> Answer
        ) {
            self.exception = exception
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            input.writeImmutableBuffer(unwrapInboundIn(data))
            while let command = nextCommand() { answer(command, context) }
        }

        /// Takes the next command out of the input, if all of it is there.
        private func nextCommand() -> String? {
            var rest = input
            guard let count = Self.number(in: &rest) else { return nil }
            for _ in 0..<count {
                guard let length = Self.number(in: &rest), rest.readSlice(length: length + 2) != nil else {
                    return nil
                }
            }
            return input.readSlice(length: input.readableBytes - rest.readableBytes).map {
                String(buffer: $0)
            }
        }

        /// Reads a line such as `*3` or `$5`.
        private static func number(in buffer: inout ByteBuffer) -> Int? {
            let bytes = buffer.readableBytesView
            guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
                let line = buffer.readBytes(length: end + 1 - bytes.startIndex)
            else { return nil }
            return Int(String(decoding: line.dropFirst().dropLast(2), as: UTF8.self))
        }

        private func answer(_ text: String, _ context: ChannelHandlerContext) {
            let answer =
                if let exception = exception(text) {
                    exception
                } else if text.contains("SETNAME") {
                    Answer(bytes: "+OK\r\n")
                } else if text.contains("TIME\r\n") {
                    Answer(bytes: "*2\r\n$10\r\n1700000000\r\n$1\r\n0\r\n")
                } else if text.contains("EVAL") {
                    Answer(bytes: "*4\r\n$1\r\n1\r\n$0\r\n\r\n$0\r\n\r\n$1\r\n1\r\n")
                } else if text.contains("INFO") {
                    Answer(bytes: "$0\r\n\r\n")
                } else {
                    self.answer()
                }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer.bytes)), promise: nil)
            if answer.closes { context.close(promise: nil) }
        }
    }
}
