import CHTTPTransportsCurl

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Opens sockets that programs which the process starts don't inherit; libcurl leaves them open to all.
enum CurlSockets {
    static let open: curl_opensocket_callback = { _, _, address in
        guard let address else { return CURL_SOCKET_BAD }
        let kind = address.pointee
        #if os(Linux)
        return socket(kind.family, kind.socktype | Int32(SOCK_CLOEXEC.rawValue), kind.protocol)
        #else
        let descriptor = socket(kind.family, kind.socktype, kind.protocol)
        if descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        return descriptor
        #endif
    }
}
