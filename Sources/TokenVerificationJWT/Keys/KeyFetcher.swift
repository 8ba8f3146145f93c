import CacheStores
import CacheStoresWaiting
import HTTPTransports
import HTTPTypes
import TokenVerification

/// Fetches an issuer's keys, and finds their address first if need be.
struct KeyFetcher: Sendable {
    enum Location: Sendable {
        case keys(HTTPEndpoint)
        case issuer(String, metadata: [HTTPEndpoint])
    }

    struct Fetched: Sendable {
        let set: JSONWebKeySet
        /// The set as it was sent.
        let body: [UInt8]
        /// Where the keys were.
        let address: HTTPEndpoint
        /// What `Cache-Control` says, if it says anything.
        let maximumAge: Duration?

        func current(
            _ begun: IntervalClock.Instant,
            _ options: JSONWebKeySource.Options,
            asked: Timestamp? = nil
        ) -> CurrentKeys {
            CurrentKeys(
                set,
                fetched: begun,
                maximumAge: maximumAge,
                options,
                asked: asked,
                address: address
            )
        }
    }

    let location: Location
    let transport: any HTTPTransport
    let deadline: Duration
    let allowsPlainHTTP: Bool

    /// The issuer's keys.
    ///
    /// - Parameter address: where they were the last time; `nil` to find out.
    /// - Returns: the keys, and what the reply says of their age.
    /// - Throws: `VerificationError` if the keys can't be had.
    func keys(at address: HTTPEndpoint?) async throws(VerificationError) -> Fetched {
        let end = ContinuousClock.now + deadline
        let address = if let address { address } else { try await discoveredAddress(before: end) }
        let reply = try await reply(from: address, before: end)
        // An HTML page with status 200 is no JSON object. A set without a usable key must not replace a good one.
        guard let set = try? JSONWebKeySet(json: reply.body), !set.keys.isEmpty else {
            throw VerificationError(.malformedAnswer, detail: .member("keys"))
        }
        return Fetched(
            set: set,
            body: reply.body,
            address: address,
            maximumAge: CacheControl.maximumAge(of: reply)
        )
    }

    /// The address of the keys by RFC 8414, or else by OpenID Connect Discovery; each must name exactly this issuer.
    private func discoveredAddress(
        before end: ContinuousClock.Instant
    ) async throws(VerificationError) -> HTTPEndpoint {
        switch location {
        case .keys(let address): return address
        case .issuer(let issuer, let metadata):
            var failure = VerificationError(.malformedAnswer)
            for endpoint in metadata {
                do throws(VerificationError) {
                    let reply = try await reply(from: endpoint, before: end)
                    return try address(in: reply, of: issuer, at: endpoint)
                } catch {
                    failure = error
                }
            }
            throw failure
        }
    }

    private func address(
        in reply: HTTPReply,
        of issuer: String,
        at endpoint: HTTPEndpoint
    ) throws(VerificationError) -> HTTPEndpoint {
        guard let members = try? Claims(json: reply.body) else {
            throw VerificationError(.malformedAnswer, detail: .notJSON)
        }
        guard let named = members["issuer"]?.string, named.utf8.elementsEqual(issuer.utf8) else {
            throw VerificationError(.malformedAnswer, detail: .member("issuer"))
        }
        // A remote issuer must not send this server to an http address.
        guard let text = members["jwks_uri"]?.string,
            let address = try? HTTPEndpoint(text, allowingPlainHTTP: allowsPlainHTTP),
            address.scheme == "https" || address.scheme == endpoint.scheme
        else { throw VerificationError(.malformedAnswer, detail: .member("jwks_uri")) }
        return address
    }

    private func reply(
        from endpoint: HTTPEndpoint,
        before end: ContinuousClock.Instant
    ) async throws(VerificationError) -> HTTPReply {
        let remaining = ContinuousClock.now.duration(to: end)
        guard remaining > .zero else { throw VerificationError(.timedOut) }
        let limits = HTTPExchangeLimits(
            deadline: remaining,
            maximumBodySize: JSONWebKeySet.maximumSize,
            allowsPlainHTTP: allowsPlainHTTP
        )
        let reply: HTTPReply
        do {
            let request = endpoint.request(
                .get,
                headerFields: [.accept: "application/json, application/jwk-set+json"]
            )
            reply = try await transport.response(to: request, body: [], limits: limits)
        } catch {
            throw VerificationError(transportError: error, limits: limits)
        }
        guard reply.head.status.code == 200 else { throw reply.failure(at: WallClock.system.now) }
        return reply
    }
}
