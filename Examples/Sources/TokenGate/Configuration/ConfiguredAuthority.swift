import Foundation
import HTTPTransports
import Listening
package import TokenVerification
import TokenVerificationJWT

/// An authority that a gate asks, made of its settings; nothing is sent yet.
package struct ConfiguredAuthority: Sendable {
    package let authority: any TokenAuthority
    /// What is asked about each token, if anything: the authority itself, or what confirms its word.
    let asked: (any TokenAuthority)?
    /// The issuer, if signed tokens are verified.
    let issuer: JWTIssuer?
    let group: SettingGroup
    let transport: CurlTransport
    let warnings: [String]

    init(_ group: SettingGroup) throws(CommandFailure) {
        self.group = group
        try group.refuseMisplaced()
        let transport = try group.transport()
        self.transport = transport
        do {
            if group.flag(.gitHub) {
                asked = try group.gitHubAuthority(transport)
            } else {
                asked = group.has(.introspectionEndpoint) ? try group.introspectionAuthority(transport) : nil
            }
            issuer = group.has(.jwtIssuer) ? try group.signedAuthority(transport) : nil
        } catch let error as CommandFailure {
            throw error
        } catch let error as ConfigurationError {
            throw .usage("\(group.place)\(error.message)")
        } catch {
            throw .usage("\(group.place)\(error)")
        }
        switch (asked, issuer) {
        case (let asked?, nil): authority = asked
        case (nil, let issuer?): authority = issuer
        case (let asked?, let issuer?): authority = Self.confirmed(issuer, by: asked)
        case (nil, nil):
            throw .usage(
                "\(group.place)no authority is given: \(group.call(.introspectionEndpoint)) with \(group.call(.clientID)), "
                    + "\(group.call(.gitHub)), or \(group.call(.jwtIssuer))"
            )
        }
        let addresses = [Setting.introspectionEndpoint, .gitHubAPI, .jwtIssuer, .jwtKeys]
        warnings = addresses.filter(group.isExposed).map {
            "\(group.origin(of: $0)): without TLS, every machine on the way can read tokens and forge answers"
        }
    }

    private static func confirmed(_ issuer: JWTIssuer, by asked: some TokenAuthority) -> any TokenAuthority {
        issuer.confirmed(by: asked)
    }
}

extension SettingGroup {
    /// The beginning of a message about the whole group.
    var place: String { name.isEmpty ? "" : "\(name): " }

    /// Refuses what has no effect without another setting.
    fileprivate func refuseMisplaced() throws(CommandFailure) {
        if flag(.gitHub), let other = [Setting.introspectionEndpoint, .jwtIssuer].first(where: has) {
            throw .usage(
                "\(place)only one authority can be asked: \(call(.gitHub)) or \(call(other)); authorities of the file can be several"
            )
        }
        let dependent: [(Setting, [Setting])] = [
            (.gitHub, [.gitHubAPI, .gitHubClientID, .gitHubClientSecret]),
            (
                .introspectionEndpoint,
                [.clientID, .clientAuthentication, .noTypeHint, .formField, .headerField]
            ),
            (.jwtIssuer, [.jwtAudience, .jwtAlgorithm, .jwtKeys, .jwtProfile]),
        ]
        for (needed, settings) in dependent where needed == .gitHub ? !flag(needed) : !has(needed) {
            guard let misplaced = settings.first(where: has) else { continue }
            throw .usage("\(origin(of: misplaced)) means nothing without \(call(needed))")
        }
    }

    /// The transport of the process, unless the authority needs files of its own.
    fileprivate func transport() throws(CommandFailure) -> CurlTransport {
        let files = [Setting.certificateAuthorities, .clientCertificate, .clientKey].filter(has)
        guard !files.isEmpty else { return .shared }
        for setting in files {
            if let path = text(setting), !FileManager.default.isReadableFile(atPath: path) {
                throw .unavailable("\(origin(of: setting)): the file \(path) can't be read")
            }
        }
        do {
            return try CurlTransport(
                CurlTransport.Configuration(
                    certificateAuthorityFile: text(.certificateAuthorities),
                    clientCertificateFile: text(.clientCertificate),
                    clientKeyFile: text(.clientKey)
                )
            )
        } catch {
            throw .usage("\(place)\((error as? HTTPTransportError)?.message ?? "\(error)")")
        }
    }

    fileprivate func introspectionAuthority(_ transport: CurlTransport) throws -> IntrospectionEndpoint {
        let url = try address(.introspectionEndpoint) ?? ""
        guard let clientID = text(.clientID) else {
            throw CommandFailure.usage(
                "\(origin(of: .introspectionEndpoint)) needs \(call(.clientID)), the gate's own name at the authority"
            )
        }
        let authentication: ClientAuthentication = choice(.clientAuthentication) ?? .basic
        let secret = try secret(.clientSecret)
        guard secret != nil || authentication == .certificate else {
            throw CommandFailure.usage("\(origin(of: .introspectionEndpoint)) needs \(call(.clientSecret))")
        }
        guard authentication != .certificate || has(.clientCertificate) else {
            throw CommandFailure.usage(
                "\(origin(of: .clientAuthentication)) needs \(call(.clientCertificate))"
            )
        }
        return try IntrospectionEndpoint(
            url: url,
            clientID: clientID,
            clientSecret: authentication == .certificate ? nil : try secret.map { try ClientSecret($0) },
            authentication: authentication,
            sendsTokenTypeHint: !flag(.noTypeHint),
            parameters: Dictionary(pairs(.formField).map { ($0.name, $0.text) }) { $1 },
            headerFields: Dictionary(pairs(.headerField).map { ($0.name, $0.text) }) { $1 },
            scopeClaim: text(.scopeClaim) ?? "scope",
            deadline: seconds(.deadline) ?? .seconds(10),
            maximumAnswerSize: number(.answerSize) ?? 65_536,
            allowsPlainHTTP: flag(.allowHTTP),
            transport: transport
        )
    }

    fileprivate func gitHubAuthority(_ transport: CurlTransport) throws -> any TokenAuthority {
        let url = try address(.gitHubAPI) ?? GitHubAPI.defaultURL
        let deadline = seconds(.deadline) ?? .seconds(10)
        let size = number(.answerSize) ?? 65_536
        switch (text(.gitHubClientID), try secret(.gitHubClientSecret)) {
        case (nil, nil):
            return try GitHubAPI(
                url: url,
                deadline: deadline,
                maximumAnswerSize: size,
                allowsPlainHTTP: flag(.allowHTTP),
                transport: transport
            )
        case (let id?, let secret?):
            return try GitHubApplication(
                clientID: id,
                clientSecret: ClientSecret(secret),
                url: url,
                deadline: deadline,
                maximumAnswerSize: size,
                allowsPlainHTTP: flag(.allowHTTP),
                transport: transport
            )
        case (_?, nil):
            throw CommandFailure.usage("\(origin(of: .gitHubClientID)) needs \(call(.gitHubClientSecret))")
        case (nil, _?):
            throw CommandFailure.usage("\(origin(of: .gitHubClientSecret)) needs \(call(.gitHubClientID))")
        }
    }

    fileprivate func signedAuthority(_ transport: CurlTransport) throws -> JWTIssuer {
        let issuer = try address(.jwtIssuer) ?? ""
        guard let audiences = list(.jwtAudience), !audiences.isEmpty else {
            throw CommandFailure.usage("\(origin(of: .jwtIssuer)) needs \(call(.jwtAudience)); * accepts any")
        }
        var options = JSONWebKeySource.Options()
        if let deadline = seconds(.deadline) { options.deadline = min(deadline, .seconds(30)) }
        let plain = flag(.allowHTTP)
        let keys =
            if let url = try address(.jwtKeys) {
                try JSONWebKeySource(url: url, options: options, allowsPlainHTTP: plain, transport: transport)
            } else {
                try JSONWebKeySource(
                    discovering: issuer,
                    options: options,
                    allowsPlainHTTP: plain,
                    transport: transport
                )
            }
        return try JWTIssuer(
            issuer,
            audiences: audiences == ["*"] ? .any : .oneOf(audiences),
            algorithms: list(.jwtAlgorithm).map { Set($0.compactMap { SigningAlgorithm($0) }) }
                ?? JWTIssuer.defaultAlgorithms,
            keys: keys,
            requiresProfile: flag(.jwtProfile),
            scopeClaim: text(.scopeClaim)
        )
    }

    /// An address that is safe to ask.
    private func address(_ setting: Setting) throws(CommandFailure) -> String? {
        guard let text = text(setting) else { return nil }
        guard let endpoint = try? HTTPEndpoint(text, allowingPlainHTTP: true) else {
            throw .usage(
                "\(origin(of: setting)) must be an address such as https://issuer.example/path, without user and fragment"
            )
        }
        guard endpoint.scheme == "https" || endpoint.isLoopback || flag(.allowHTTP) else {
            throw .usage(
                "\(origin(of: setting)) must be https, not http, except on this machine or with \(call(.allowHTTP))"
            )
        }
        return text
    }

    /// Whether an address is asked without TLS on another machine.
    fileprivate func isExposed(_ setting: Setting) -> Bool {
        text(setting).flatMap { try? HTTPEndpoint($0, allowingPlainHTTP: true) }
            .map { $0.scheme == "http" && !$0.isLoopback } ?? false
    }
}
