import CHTTPTransportsCurl
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Opens and closes libcurl's sockets: counted, and not inherited by programs that the process starts.
enum CurlSockets {
    static let open: curl_opensocket_callback = { census, _, address in
        guard let address else { return CURL_SOCKET_BAD }
        let kind = address.pointee
        #if os(Linux)
        let descriptor = socket(kind.family, kind.socktype | Int32(SOCK_CLOEXEC.rawValue), kind.protocol)
        #else
        let descriptor = socket(kind.family, kind.socktype, kind.protocol)
        if descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        #endif
        if descriptor >= 0 {
            count(census, 1)
        }
        return descriptor
    }

    static let close: curl_closesocket_callback = { census, descriptor in
        count(census, -1)
        #if canImport(Darwin)
        return Darwin.close(descriptor)
        #elseif canImport(Glibc)
        return Glibc.close(descriptor)
        #else
        return Musl.close(descriptor)
        #endif
    }

    /// The pointer is the loop's census, which outlives every socket: the loop frees the multi handle, and with it the
    /// last connection, before it lets go of the census.
    private static func count(_ census: UnsafeMutableRawPointer?, _ change: Int) {
        guard let census else { return }
        Unmanaged<CurlCensus>.fromOpaque(census).takeUnretainedValue().sockets.add(change, ordering: .relaxed)
    }
}
