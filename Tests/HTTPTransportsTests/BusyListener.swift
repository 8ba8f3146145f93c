import TokenVerificationTestSupport

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A port of 127.0.0.1 whose queue of connections is full: another one never comes about.
struct BusyListener {
    let url: String
    private var descriptors: [Int32]

    init() throws {
        #if os(Linux)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        let listener = socket(AF_INET, kind, 0)
        descriptors = [listener]
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let clients = (0..<4).map { _ in socket(AF_INET, kind, 0) }
        descriptors += clients
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let status =
                    bind(listener, address, size) | listen(listener, 0)
                    | getsockname(listener, address, &size)
                for client in clients {
                    _ = fcntl(client, F_SETFL, O_NONBLOCK)
                    _ = connect(client, address, size)
                }
                return status
            }
        }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        guard status == 0 else {
            close()
            throw TestFailure("no port listens: status \(status)")
        }
    }

    func close() {
        for descriptor in descriptors {
            #if canImport(Darwin)
            _ = Darwin.close(descriptor)
            #elseif canImport(Glibc)
            _ = Glibc.close(descriptor)
            #else
            _ = Musl.close(descriptor)
            #endif
        }
    }
}
