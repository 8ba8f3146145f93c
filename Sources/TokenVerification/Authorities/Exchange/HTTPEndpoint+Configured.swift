package import HTTPTransports

extension HTTPEndpoint {
    /// Reads a configured address.
    ///
    /// - Parameters:
    ///   - url: the address.
    ///   - phrase: what the message begins with if the address is wrong.
    ///   - allowsPlainHTTP: whether the address may be `http` on a host other than this machine.
    /// - Throws: ``ConfigurationError``.
    package init(
        configured url: String,
        as phrase: String,
        allowsPlainHTTP: Bool = false
    ) throws(ConfigurationError) {
        do {
            try self.init(url, allowingPlainHTTP: allowsPlainHTTP)
        } catch {
            throw ConfigurationError("\(phrase): \(error.message)")
        }
    }
}
