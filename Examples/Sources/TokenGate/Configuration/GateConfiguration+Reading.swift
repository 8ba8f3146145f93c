import HTTPTypes
package import Listening
import Logging
import TokenVerification

extension GateConfiguration {
    /// Understands settings.
    ///
    /// - Throws: `CommandFailure` that names the setting that is wrong, and where it was given.
    package init(_ settings: Settings) throws(CommandFailure) {
        let root = settings.root
        self.settings = settings
        // The table accepts addresses and modes only.
        listen =
            root.text(.listen).flatMap { ListenAddress($0) } ?? ListenAddress(host: "127.0.0.1", port: 8080)
        adminListen = root.text(.adminListen).flatMap { ListenAddress($0) }
        socketMode = root.text(.socketMode).flatMap { Int($0, radix: 8) } ?? 0o660
        tls = try root.pair(.tlsCertificate, .tlsKey)
        logging = LogOptions(
            level: root.choice(.logLevel) ?? .notice,
            format: root.choice(.logFormat) ?? .text,
            hasAccessLog: root.flag(.accessLog)
        )
        resource = try Self.resource(root)
        store = try Self.store(root)
        capacity = root.number(.capacity)
        timeToLive = root.seconds(.lifetime) ?? .seconds(300)
        near = root.seconds(.near)
        refusalTimeToLive = root.seconds(.refusalLifetime)
        staleGrace = root.seconds(.staleGrace)
        refreshAfter = root.seconds(.refreshAfter)
        lifeJitter = Double(root.number(.lifeJitter) ?? 0) / 100
        requestDeadline = root.seconds(.requestDeadline) ?? .seconds(12)
        let shortestLife = timeToLive * (1 - lifeJitter)
        if let refreshAfter, timeToLive > .zero, refreshAfter >= shortestLife {
            throw .usage(
                "\(root.origin(of: .refreshAfter)) must be less than \(shortestLife), the shortest life of an answer"
            )
        }
        sharing = root.choice(.sharing) ?? .process
        hasRevocationMarks = root.flag(.revocationMarks)
        sealing = try Self.sealing(root, of: store)
        authorities = try Self.authorities(settings)
        tokenPlaces = TokenPlaces(
            header: root.text(.tokenHeader).flatMap { HTTPField.Name($0) },
            cookie: root.text(.tokenCookie),
            scheme: root.text(.tokenScheme)
        )
        tokenFormat = try Self.tokenFormat(root)
        identity = try Self.identity(root)
        adminSecret = try root.secrets[.adminSecret].map { secret throws(CommandFailure) in
            try AdminSecret(try secret.text(), from: secret.origin)
        }
        warnings = settings.warnings + authorities.flatMap(\.warnings)
    }

    private static func authorities(_ settings: Settings) throws(CommandFailure) -> [ConfiguredAuthority] {
        guard !settings.authorities.isEmpty else { return [try ConfiguredAuthority(settings.root)] }
        for setting in Setting.all where setting.place == .authority && settings.root.given[setting] != nil {
            throw .usage(
                "\(settings.root.origin(of: setting)) means nothing beside authorities, of which each has its own"
            )
        }
        var authorities: [ConfiguredAuthority] = []
        for group in settings.authorities { authorities.append(try ConfiguredAuthority(group)) }
        return authorities
    }

    private static func resource(_ root: SettingGroup) throws(CommandFailure) -> ProtectedResourceMetadata? {
        guard let resource = root.text(.resource) else {
            guard root.has(.authorizationServer) else { return nil }
            throw .usage("\(root.origin(of: .authorizationServer)) means nothing without --resource")
        }
        let origin = root.origin(of: .resource)
        guard let servers = root.list(.authorizationServer), !servers.isEmpty else {
            throw .usage("\(origin) needs --authorization-server, whose tokens are accepted")
        }
        do {
            return try ProtectedResourceMetadata(
                resource: resource,
                authorizationServers: servers,
                scopes: Set(root.list(.requireScope) ?? []).sorted()
            )
        } catch {
            throw .usage("\(origin): \(error.message)")
        }
    }

    private static func sealing(_ root: SettingGroup, of store: Store) throws(CommandFailure) -> Sealing {
        let current = root.secrets[.sealingSecret]
        if root.text(.sealing) == "token-only" { return .tokenOnly }
        guard let current else {
            let needed = root.call(.sealingSecret)
            if case .redis = store {
                throw .usage("answers in Redis need \(needed), or else --sealing token-only")
            }
            guard root.has(.sealing) || root.has(.previousSealingSecret) else { return .tokenOnly }
            throw .usage("sealing with a secret needs \(needed)")
        }
        func secret(_ given: GivenSecret) throws(CommandFailure) -> SealingSecret {
            do {
                return try SealingSecret(given.bytes)
            } catch {
                throw .usage("\(given.origin): \(error.message)")
            }
        }
        var previous: [SealingSecret] = []
        if let given = root.secrets[.previousSealingSecret] { previous.append(try secret(given)) }
        return .secret(try secret(current), previous: previous)
    }

    private static func tokenFormat(_ root: SettingGroup) throws(CommandFailure) -> BearerTokenFormat {
        do {
            return try BearerTokenFormat(
                maximumLength: root.number(.tokenLength) ?? BearerToken.maximumLength,
                alsoAccepting: root.text(.tokenCharacters) ?? ""
            )
        } catch {
            throw .usage("\(root.origin(of: .tokenCharacters)): \(error.message)")
        }
    }

    private static func identity(_ root: SettingGroup) throws(CommandFailure) -> IdentityLayout {
        let builtIn: [(Setting, IdentityLayout.Content)] = [
            (.subjectField, .subject), (.clientIDField, .clientID), (.scopesField, .scopes),
            (.cacheField, .source),
        ]
        var fields = builtIn.map { setting, content in
            (name: root.text(setting) ?? setting.preset, origin: root.origin(of: setting), content: content)
        }
        fields.removeAll { $0.name == "off" }
        for (name, claim) in root.pairs(.claimField) {
            fields.append((name, root.origin(of: .claimField), .claim(claim)))
        }
        var names: [String: String] = [:]
        for field in fields {
            if let other = names.updateValue(field.name, forKey: IdentityLayout.plain(field.name)) {
                throw .usage(
                    "\(field.origin): \(field.name) and \(other) are one field for many apps: give each another name"
                )
            }
        }
        guard let layout = IdentityLayout(fields.map { ($0.name, $0.content) }) else {
            throw .usage("a name of a header field for the app can't be used")
        }
        return layout
    }
}

extension SettingGroup {
    /// The paths of two files that belong together.
    func pair(
        _ first: Setting,
        _ second: Setting
    ) throws(CommandFailure) -> (certificate: String, key: String)? {
        switch (text(first), text(second)) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return (certificate, key)
        case (_?, nil): throw .usage("\(origin(of: first)) needs \(call(second))")
        case (nil, _?): throw .usage("\(origin(of: second)) needs \(call(first))")
        }
    }
}
