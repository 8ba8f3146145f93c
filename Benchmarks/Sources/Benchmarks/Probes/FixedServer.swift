#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The fastest of HTTP servers: one thread that gives every request the same answer, and counts them.
///
/// `GET /count` tells how many there were.
///
/// It runs in a process of its own, so that only the client is measured.
final class FixedServer {
    private let answer: [UInt8]
    private var waited: [pollfd]
    /// What has come in of a request that is not whole yet.
    private var begun: [Int32: [UInt8]] = [:]
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var requests = 0

    /// Listens on a port of 127.0.0.1.
    init(port: UInt16, body: String) throws {
        answer = Self.response(body)
        #if os(Linux)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard listener >= 0, status == 0, listen(listener, 256) == 0 else {
            throw BenchmarkError("port \(port) is taken")
        }
        waited = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
    }

    /// Serves until the process is ended.
    func run() {
        while poll(&waited, nfds_t(waited.count), -1) > 0 {
            for place in waited.indices.dropFirst().reversed() where waited[place].revents != 0 {
                if !serve(waited[place].fd) { drop(place) }
            }
            if waited[0].revents != 0 { accept() }
        }
    }

    private func accept() {
        #if canImport(Darwin)
        let descriptor = Darwin.accept(waited[0].fd, nil, nil)
        #elseif canImport(Glibc)
        let descriptor = Glibc.accept(waited[0].fd, nil, nil)
        #elseif canImport(Musl)
        let descriptor = Musl.accept(waited[0].fd, nil, nil)
        #endif
        guard descriptor >= 0 else { return }
        var on: Int32 = 1
        setsockopt(
            descriptor,
            Int32(IPPROTO_TCP),
            Int32(TCP_NODELAY),
            &on,
            socklen_t(MemoryLayout<Int32>.size)
        )
        waited.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
    }

    private func drop(_ place: Int) {
        close(waited[place].fd)
        begun[waited[place].fd] = nil
        waited.remove(at: place)
    }

    /// Answers every request that has come in whole.
    ///
    /// - Returns: false if the client has gone.
    private func serve(_ descriptor: Int32) -> Bool {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        var bytes = buffer[..<count]
        if let former = begun.removeValue(forKey: descriptor) { bytes = (former + bytes)[...] }
        while let length = Self.lengthOfRequest(bytes) {
            let answer = answer(to: bytes)
            guard send(descriptor, answer, answer.count, 0) == answer.count else { return false }
            bytes = bytes.dropFirst(length)
        }
        if !bytes.isEmpty { begun[descriptor] = Array(bytes) }
        return true
    }

    private func answer(to request: ArraySlice<UInt8>) -> [UInt8] {
        if request.starts(with: "GET /count ".utf8) { return Self.response("\(requests)") }
        requests += 1
        return answer
    }

    private static func response(_ body: String) -> [UInt8] {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)"
        return Array("\(head)\r\n\r\n\(body)".utf8)
    }

    /// The length of the first request, head and content; `nil` if it is not whole.
    private static func lengthOfRequest(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.withUnsafeBytes { bytes -> Int? in
            guard let head = end(of: "\r\n\r\n", in: bytes) else { return nil }
            var length = 0
            if let digits = end(of: "Content-Length: ", in: UnsafeRawBufferPointer(rebasing: bytes[..<head]))
            {
                for digit in bytes[digits...] {
                    guard (0x30...0x39).contains(digit) else { break }
                    length = length * 10 + Int(digit & 15)
                }
            }
            return head + length <= bytes.count ? head + length : nil
        }
    }

    /// Where some words end.
    private static func end(of words: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
        let count = words.utf8CodeUnitCount
        guard bytes.count >= count, let start = bytes.baseAddress else { return nil }
        for position in 0...bytes.count - count
        where bytes[position] == words.utf8Start[0] && memcmp(start + position, words.utf8Start, count) == 0 {
            return position + count
        }
        return nil
    }
}
