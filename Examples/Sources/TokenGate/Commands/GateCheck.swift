import CacheStores
import Listening
import Logging
import TokenVerification
import TokenVerificationJWT

/// Tries out a configuration, and tells what it finds.
struct GateCheck: Sendable {
    private let configuration: GateConfiguration
    private let logger: Logger

    /// How long a store may take to connect.
    private static let storeLimit: Duration = .seconds(5)

    init(_ configuration: GateConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    func run() async throws {
        if let tls = configuration.tls {
            _ = try ServerCertificate(certificate: tls.certificate, key: tls.key)
        }
        let monitor = try GateMonitor(configuration, logger)
        // Finds requirements that an authority can't satisfy.
        _ = try GateState(configuration, monitor)
        let profiles = configuration.profiles
        Command.show(
            "configuration: right; profiles: \(profiles.isEmpty ? "none" : profiles.joined(separator: ", "))"
        )
        for warning in configuration.warnings { Command.show("warning: \(warning)") }
        var failures = 0
        if !(await checkStore(monitor.store)) { failures += 1 }
        for authority in configuration.authorities where !(await check(authority)) { failures += 1 }
        await monitor.cache.shutdown()
        await configuration.shutdown()
        guard failures == 0 else {
            throw CommandFailure.unavailable("\(failures) of the things that the gate needs can't be used")
        }
    }

    private func checkStore(_ store: GateMonitor.Store) async -> Bool {
        let end = ContinuousClock.now + Self.storeLimit
        while true {
            do {
                let (count, capacity) = (try await store.count(), try await store.capacity())
                Command.show("store, \(store.kind): works; \(count) of \(capacity) answers")
                return true
            } catch {
                // A store across a network connects in the background.
                guard ContinuousClock.now < end else {
                    Command.show("store, \(store.kind): \(error)")
                    return false
                }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func check(_ configured: ConfiguredAuthority) async -> Bool {
        var isRight = true
        if let asked = configured.asked {
            isRight = await show(configured, asked.identity.kind) { () async throws(VerificationError) in
                switch try await asked.verdict(on: try Self.randomToken(), clock: .system) {
                case .refused: ("answers, and refuses a random token", true)
                case .accepted: ("accepts a random token, so it would accept any", false)
                }
            }
        }
        if let issuer = configured.issuer {
            let found = await show(configured, "jwt") { () async throws(VerificationError) in
                do throws(VerificationError) {
                    // An answer by a key that no issuer has: whether it holds can be told by the issuer's keys only.
                    try await issuer.checkKept(Self.randomAnswer())
                } catch {
                    guard error.reason == .unknownKey else { throw error }
                }
                return ("the issuer's keys were fetched", true)
            }
            isRight = isRight && found
        }
        return isRight
    }

    private func show(
        _ configured: ConfiguredAuthority,
        _ kind: String,
        _ ask: () async throws(VerificationError) -> (words: String, isRight: Bool)
    ) async -> Bool {
        let start = ContinuousClock.now
        var finding: (words: String, isRight: Bool)
        do {
            finding = try await ask()
        } catch {
            finding = ("\(error)\(error.detail.map { " (\($0))" } ?? "")", false)
        }
        let milliseconds = Int(start.duration(to: .now) / .milliseconds(1))
        Command.show("\(configured.group.place)authority, \(kind): \(finding.words); \(milliseconds) ms")
        return finding.isRight
    }

    /// A token that no authority has issued.
    private static func randomToken() throws(VerificationError) -> BearerToken {
        let text = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
        guard let token = try? BearerToken(text) else { throw VerificationError(.unreadable) }
        return token
    }

    private static func randomAnswer() -> VerifiedToken {
        let claims = Claims([ExactText(JWTIssuer.thumbprintClaim): .string("none")])
        return VerifiedToken(VerifiedToken.Content(verifiedAt: WallClock.system.now, claims: claims))
    }
}
