import HTTPTypes
import Synchronization

/// Reads addresses, and remembers the last one.
///
/// Reading one strictly takes as long as everything else that the caller's side does, and an authority is always
/// asked at the same address.
final class CurlAddressReader: Sendable {
    private struct Known: Sendable {
        let scheme: String
        let authority: String
        let path: String
        let address: CurlAddress

        func isAt(_ scheme: String, _ authority: String, _ path: String) -> Bool {
            // Not `==`, which takes the Kelvin sign for the letter K.
            self.path.utf8.elementsEqual(path.utf8) && self.authority.utf8.elementsEqual(authority.utf8)
                && self.scheme.utf8.elementsEqual(scheme.utf8)
        }
    }

    private let known = Mutex<Known?>(nil)
    private let allowsPlainHTTP: Bool

    init(allowsPlainHTTP: Bool) {
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// The address of a request.
    func address(of request: HTTPRequest) throws -> CurlAddress {
        guard let scheme = request.scheme, let authority = request.authority, let path = request.path else {
            throw HTTPTransportError.invalidRequest("the request needs a scheme, an authority and a path")
        }
        if let last = known.withLock({ $0 }), last.isAt(scheme, authority, path) { return last.address }
        let address = try CurlAddress(
            scheme: scheme,
            authority: authority,
            path: path,
            allowingPlainHTTP: allowsPlainHTTP
        )
        known.withLock {
            $0 = Known(scheme: scheme, authority: authority, path: path, address: address)
        }
        return address
    }
}
