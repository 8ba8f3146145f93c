package import Listening
import TokenVerification

extension GateConfiguration {
    private enum SealingChoice: String, CaseIterable {
        case secret
        case tokenOnly = "token-only"
    }

    /// Understands options and environment.
    ///
    /// - Throws: `CommandFailure` that names the option or the variable that is wrong.
    package init(options: [Setting: [String]], environment: [String: String]) throws(CommandFailure) {
        let settings = Settings(options: options, environment: environment)
        let secrets = Secrets(environment: environment)
        listen = try Self.listen(settings, .listen) ?? ListenAddress(host: "127.0.0.1", port: 8080)
        adminListen = try Self.listen(settings, .adminListen)
        socketMode = try Self.socketMode(settings)
        tls = try Self.tls(settings)
        logging = try Self.logging(settings)
        resource = try Self.resource(settings)
        store = try Self.store(settings, secrets)
        capacity = try settings.number(.capacity, in: 0...Int(UInt32.max) - 1)
        timeToLive = try settings.seconds(.lifetime) ?? .seconds(300)
        near = try settings.seconds(.near)
        refusalTimeToLive = try settings.seconds(.refusalLifetime)
        staleGrace = try settings.seconds(.staleGrace)
        sharing = try settings.choice(.sharing, of: Sharing.self) ?? .process
        hasRevocationMarks = try settings.flag(.revocationMarks)
        sealing = try Self.sealing(settings, secrets, of: store)
        authority = try Self.authority(settings, secrets)
        requirements = TokenRequirements(
            scopes: Set(settings.list(.requireScope)),
            audiences: settings.list(.requireAudience)
        )
        adminSecret = nil
        if let secret = try secrets.text(.admin) { adminSecret = try AdminSecret(secret) }
    }

    private static func listen(
        _ settings: Settings,
        _ setting: Setting
    ) throws(CommandFailure) -> ListenAddress? {
        guard let value = settings.value(setting) else { return nil }
        guard let address = ListenAddress(value.text) else {
            throw value.wrong(
                "HOST:PORT is needed, such as 127.0.0.1:8080 or [::1]:8080, or unix:/PATH with at most 103 bytes"
            )
        }
        return address
    }

    private static func store(_ settings: Settings, _ secrets: Secrets) throws(CommandFailure) -> Store {
        guard let value = settings.value(.store), value.text != "memory:" else { return .memory }
        if value.text.hasPrefix("redis") { return try redis(value, settings, secrets) }
        guard value.text.hasPrefix("sqlite:"), value.text != "sqlite:" else {
            throw value.wrong("memory:, sqlite:PATH or redis://HOST:PORT/DATABASE is needed")
        }
        return .sqlite(path: String(value.text.dropFirst("sqlite:".count)))
    }

    private static func sealing(
        _ settings: Settings,
        _ secrets: Secrets,
        of store: Store
    ) throws(CommandFailure) -> Sealing {
        let choice = try settings.choice(.sealing, of: SealingChoice.self)
        let secret = try secrets.bytes(.sealing)
        if choice == .tokenOnly { return .tokenOnly }
        guard let secret else {
            if case .redis = store {
                throw .usage(
                    "answers in Redis need \(Secrets.Name.sealing.variable) or its …_FILE, or else --sealing token-only"
                )
            }
            guard choice == .secret else { return .tokenOnly }
            throw .usage("sealing with a secret needs \(Secrets.Name.sealing.variable) or its …_FILE")
        }
        do {
            return .secret(try SealingSecret(secret))
        } catch {
            throw .usage("\(Secrets.Name.sealing.variable): \(error.message)")
        }
    }
}
