import HTTPTypes
import Synchronization

/// Reads addresses, and remembers the last few.
///
/// Reading one strictly takes as long as everything else that the caller's side does, and an authority is always
/// asked at the same address.
final class CurlAddressReader: Sendable {
    private struct Known: Sendable {
        let scheme: String
        let authority: String
        let path: String
        let allowsPlainHTTP: Bool
        let address: CurlAddress

        func isAt(_ scheme: String, _ authority: String, _ path: String, _ allowsPlainHTTP: Bool) -> Bool {
            // Not `==`, which takes the Kelvin sign for the letter K.
            self.allowsPlainHTTP == allowsPlainHTTP && self.path.utf8.elementsEqual(path.utf8)
                && self.authority.utf8.elementsEqual(authority.utf8)
                && self.scheme.utf8.elementsEqual(scheme.utf8)
        }
    }

    private static let capacity = 8

    private let known = Mutex<[Known]>([])

    /// The address of a request.
    func address(of request: HTTPRequest, allowingPlainHTTP: Bool) throws -> CurlAddress {
        guard let scheme = request.scheme, let authority = request.authority, let path = request.path else {
            throw HTTPTransportError.invalidRequest("the request needs a scheme, an authority and a path")
        }
        let earlier = known.withLock { known in
            known.first { $0.isAt(scheme, authority, path, allowingPlainHTTP) }
        }
        if let earlier { return earlier.address }
        let address = try CurlAddress(
            scheme: scheme,
            authority: authority,
            path: path,
            allowingPlainHTTP: allowingPlainHTTP
        )
        let latest = Known(
            scheme: scheme,
            authority: authority,
            path: path,
            allowsPlainHTTP: allowingPlainHTTP,
            address: address
        )
        known.withLock { $0 = [latest] + $0.prefix(Self.capacity - 1) }
        return address
    }
}
