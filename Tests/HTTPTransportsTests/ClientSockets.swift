#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The descriptors of this process, told apart by where they lead, since other tests run at the same time.
enum ClientSockets {
    static func count(to port: Int) -> Int {
        descriptors.count { leads($0, to: port) }
    }

    /// Everything that is open, sockets or not.
    static func countOfDescriptors() -> Int {
        descriptors.count { fcntl($0, F_GETFD) >= 0 }
    }

    private static var descriptors: ArraySlice<Int32> {
        Array(0..<Int32(clamping: sysconf(Int32(_SC_OPEN_MAX)))).prefix(65_536)
    }

    private static func leads(_ descriptor: Int32, to port: Int) -> Bool {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
        }
        return status == 0 && address.sin_family == sa_family_t(AF_INET)
            && Int(UInt16(bigEndian: address.sin_port)) == port
    }
}
