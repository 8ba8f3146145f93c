import HTTPTransports
import HTTPTypes

/// Asks a server twice, with the same handle, and writes each outcome on a line: a status, or the code of the error.
///
/// Arguments: the URL; a file of certificate authorities, or `-`; a proxy, or nothing.
@main struct TransportProcess {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let file = arguments[2]
        let transport = try CurlTransport(
            .init(
                connectDeadline: .seconds(50),
                certificateAuthorityFile: file == "-" ? nil : file,
                proxy: arguments.count > 3 ? arguments[3] : nil
            )
        )
        for _ in 0..<2 {
            do {
                let request = try HTTPEndpoint(arguments[1]).request(.get)
                let reply = try await transport.response(
                    to: request,
                    body: [],
                    limits: HTTPExchangeLimits(deadline: .seconds(50))
                )
                print(reply.head.status.code)
            } catch let error as HTTPTransportError {
                print(error.code)
            }
        }
        await transport.shutdown()
    }
}
