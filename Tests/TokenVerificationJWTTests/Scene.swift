import CacheStores
import CacheStoresTesting
import HTTPTransports
import HTTPTypes
import Synchronization
import Testing
import TokenVerification
import TokenVerificationJWT

let issuerName = "https://issuer.example"
let audience = "https://api.example"

/// A payload whose members a test may replace; expires an hour after 1970-01-12.
func payload(_ changes: [String: String?] = [:]) -> String {
    var members: [String: String?] = [
        "iss": #""\#(issuerName)""#, "aud": #""\#(audience)""#, "exp": "1003600", "sub": #""alice""#,
    ]
    members.merge(changes) { $1 }
    let texts = members.compactMap { name, value in value.map { #""\#(name)":\#($0)"# } }
    return "{\(texts.sorted().joined(separator: ","))}"
}

/// The clock of the tests: one million seconds after 1970.
func clock() -> ManualClock {
    ManualClock(now: Timestamp(millisecondsSince1970: 1_000_000_000))
}

func issuer(
    _ keys: JSONWebKeySet,
    audiences: JWTAudiences = .oneOf([audience]),
    algorithms: Set<SigningAlgorithm> = JWTIssuer.defaultAlgorithms,
    requiresProfile: Bool = false,
    scopeClaim: String? = nil
) throws -> JWTIssuer {
    try JWTIssuer(
        issuerName,
        audiences: audiences,
        algorithms: algorithms,
        keys: JSONWebKeySource(keys),
        requiresProfile: requiresProfile,
        scopeClaim: scopeClaim
    )
}

/// What an issuer says of a token: the accepted token, or the reason.
func result(
    of authority: some TokenAuthority,
    _ text: String,
    clock: ManualClock = clock()
) async -> Result<VerifiedToken, VerificationError> {
    do {
        let format = try BearerTokenFormat(maximumLength: 65_536)
        guard
            case .accepted(let token, _) = try await authority.verdict(
                on: BearerToken(text, format: format),
                clock: WallClock(clock)
            )
        else { return .failure(VerificationError(.refused)) }
        return .success(token)
    } catch {
        return .failure(error as? VerificationError ?? VerificationError(.unreadable))
    }
}

func reason(
    _ authority: some TokenAuthority,
    _ text: String,
    clock: ManualClock = clock()
) async -> VerificationError.Reason? {
    if case .failure(let error) = await result(of: authority, text, clock: clock) {
        error.reason
    } else {
        nil
    }
}

extension JSONWebKeySource.Options {
    /// The longest deadline, so that a busy machine has no say in a test.
    static var unhurried: Self {
        var options = Self()
        options.deadline = .seconds(30)
        return options
    }
}

/// A transport that never answers, whatever the deadline, until the task is cancelled.
struct SilentTransport: HTTPTransport {
    func response(
        to request: HTTPRequest,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) async throws -> HTTPReply {
        try await Task.sleep(for: .seconds(600))
        throw HTTPTransportError(code: .timedOut, message: "silent")
    }

    func shutdown() async {}
}

/// A server of keys: answers each path as a test says, and counts the requests.
final class KeyServer: HTTPTransport {
    private struct State {
        var answers: [String: (status: Int, body: String, cacheControl: String?)] = [:]
        var requests: [String] = []
        var error: (any Error)?
        var isHeld = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var requests: [String] { state.withLock { $0.requests } }

    func serve(_ body: String, status: Int = 200, cacheControl: String? = nil) {
        state.withLock { $0.answers["/jwks"] = (status, body, cacheControl) }
    }

    func serve(_ path: String, _ body: String) {
        state.withLock { $0.answers[path] = (200, body, nil) }
    }

    /// Holds replies back on their way.
    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let waiters = state.withLock { state in
            state.isHeld = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func pass() async {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHeld { state.waiters.append(continuation) }
                return state.isHeld
            }
            if !isHeld { continuation.resume() }
        }
    }

    func fail(_ error: (any Error)?) { state.withLock { $0.error = error } }

    func response(
        to request: HTTPRequest,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) async throws -> HTTPReply {
        let (error, answer) = state.withLock { state in
            state.requests.append(request.path ?? "")
            return (state.error, state.answers[request.path ?? ""])
        }
        await pass()
        if let error { throw error }
        let (status, text, cacheControl) = answer ?? (404, "", nil)
        guard text.utf8.count <= limits.maximumBodySize else {
            throw HTTPTransportError(code: .bodyTooLarge, message: "too large")
        }
        var head = HTTPResponse(status: .init(code: status))
        head.headerFields[.cacheControl] = cacheControl
        return HTTPReply(head: head, body: Array(text.utf8))
    }

    func shutdown() async {}
}
