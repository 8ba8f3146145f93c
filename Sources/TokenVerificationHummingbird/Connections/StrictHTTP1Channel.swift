#if Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1 with a ``ConnectionHandler`` behind NIO's decoder.
struct StrictHTTP1Channel: ServerChildChannel {
    let wrapped: HTTP1Channel
    let requestTimeout: TimeAmount

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        wrapped.setup(channel: channel, logger: logger)
            .flatMapThrowing { [requestTimeout] value in
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                try pipeline.addHandler(
                    ConnectionHandler(requestTimeout: requestTimeout),
                    position: .after(decoder)
                )
                return value
            }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await wrapped.handle(value: value, logger: logger)
    }
}
#endif
