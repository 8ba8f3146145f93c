import HTTPTypes
import Synchronization

/// Reads addresses, and remembers the last few.
///
/// Reading one strictly takes as long as everything else that the caller's side does, and an authority is always
/// asked at the same address.
final class CurlAddressReader: Sendable {
    private static let capacity = 8

    private let known = Mutex<[CurlAddress]>([])

    /// The address of a request.
    func address(of request: HTTPRequest, allowingPlainHTTP: Bool) throws -> CurlAddress {
        guard let scheme = request.scheme, let authority = request.authority, let path = request.path else {
            throw HTTPTransportError.invalidRequest("the request needs a scheme, an authority and a path")
        }
        let text = "\(scheme)://\(authority)\(path)"
        let earlier = known.withLock { known in
            // Not `==`, which takes the Kelvin sign for the letter K.
            known.first { $0.allowsPlainHTTP == allowingPlainHTTP && $0.text.utf8.elementsEqual(text.utf8) }
        }
        if let earlier { return earlier }
        let address = try CurlAddress(text, allowingPlainHTTP: allowingPlainHTTP)
        known.withLock { $0 = [address] + $0.prefix(Self.capacity - 1) }
        return address
    }
}
