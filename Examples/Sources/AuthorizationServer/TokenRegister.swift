import Foundation
import Synchronization

/// The tokens that were issued and not revoked, and the number of questions about them.
final class TokenRegister: Sendable {
    /// A line of the file: what became of a token.
    private struct Change: Codable {
        let token: String
        /// `nil` if it was revoked.
        let grant: Grant?
    }

    private struct State {
        /// By the token's bytes: a dictionary of texts takes some that differ for the same.
        var grants: [[UInt8]: Grant] = [:]
        var questions = 0
    }

    private let state = Mutex(State())
    /// Written to only under the lock of `state`.
    private let file: FileHandle?

    var questions: Int { state.withLock(\.questions) }

    /// - Parameter url: the file that keeps the tokens when the server ends, however that happens; `nil` for nothing.
    /// - Throws: what keeps the file from being read or written.
    init(file url: URL?) throws {
        guard let url else {
            file = nil
            return
        }
        if !FileManager.default.fileExists(atPath: url.path) {
            try Data().write(to: url)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
        }
        let handle = try FileHandle(forUpdating: url)
        var grants: [[UInt8]: Grant] = [:]
        for line in try (handle.readToEnd() ?? Data()).split(separator: UInt8(ascii: "\n")) {
            let change = try JSONDecoder().decode(Change.self, from: line)
            grants[Array(change.token.utf8)] = change.grant
        }
        file = handle
        state.withLock { $0.grants = grants }
    }

    /// Issues a token of 256 random bits.
    func issue(_ grant: Grant) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        .joined()
        try change(token, to: grant)
        return token
    }

    /// What a token means; `nil` if it is of no use.
    func introspect(_ token: String) -> Grant? {
        state.withLock { state in
            state.questions += 1
            guard let grant = state.grants[Array(token.utf8)], Date() < grant.expiry else { return nil }
            return grant
        }
    }

    func revoke(_ token: String) throws {
        try change(token, to: nil)
    }

    private func change(_ token: String, to grant: Grant?) throws {
        var line = try JSONEncoder().encode(Change(token: token, grant: grant))
        line.append(UInt8(ascii: "\n"))
        try state.withLock { state in
            // One write, so that a server that is killed leaves a whole line or none.
            try file?.write(contentsOf: line)
            state.grants[Array(token.utf8)] = grant
        }
    }
}
