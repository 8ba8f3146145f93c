import Foundation
import Synchronization

/// The tokens that were issued and not revoked, and how often somebody asked about one.
final class TokenRegister: Sendable {
    private struct State {
        var grants: [String: Grant] = [:]
        var questions = 0
    }

    private let state = Mutex(State())

    var questions: Int { state.withLock(\.questions) }

    /// Issues a token of 256 random bits.
    func issue(_ grant: Grant) -> String {
        var generator = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        .joined()
        state.withLock { $0.grants[token] = grant }
        return token
    }

    /// What a token means; `nil` if it is of no use.
    func introspect(_ token: String) -> Grant? {
        state.withLock { state in
            state.questions += 1
            guard let grant = state.grants[token], Date() < grant.expiry else { return nil }
            return grant
        }
    }

    func revoke(_ token: String) {
        state.withLock { _ = $0.grants.removeValue(forKey: token) }
    }
}
