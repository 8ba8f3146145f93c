import Listening
import Logging
import TokenVerification

extension GateConfiguration {
    /// The mode of Unix sockets, in octal digits.
    static func socketMode(_ settings: Settings) throws(CommandFailure) -> Int {
        guard let value = settings.value(.socketMode) else { return 0o660 }
        guard let mode = Int(value.text, radix: 8), (0...0o777).contains(mode) else {
            throw value.wrong("octal digits from 0 to 777 are needed, such as 660")
        }
        return mode
    }

    static func tls(_ settings: Settings) throws(CommandFailure) -> (certificate: String, key: String)? {
        switch (settings.value(.tlsCertificate), settings.value(.tlsKey)) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return (certificate.text, key.text)
        case (let certificate?, nil): throw .usage("\(certificate.origin) needs --tls-key")
        case (nil, let key?): throw .usage("\(key.origin) needs --tls-certificate")
        }
    }

    static func logging(_ settings: Settings) throws(CommandFailure) -> LogOptions {
        var options = LogOptions()
        options.level = try settings.choice(.logLevel, of: Logger.Level.self) ?? .notice
        options.format = try settings.choice(.logFormat, of: LogOptions.Format.self) ?? .text
        options.hasAccessLog = try settings.flag(.accessLog)
        return options
    }

    static func resource(_ settings: Settings) throws(CommandFailure) -> ProtectedResourceMetadata? {
        let servers = settings.list(.authorizationServer)
        guard let resource = settings.value(.resource) else {
            guard let server = settings.value(.authorizationServer) else { return nil }
            throw .usage("\(server.origin) means nothing without --resource")
        }
        guard !servers.isEmpty else {
            throw .usage("\(resource.origin) needs --authorization-server, whose tokens are accepted")
        }
        do {
            return try ProtectedResourceMetadata(
                resource: resource.text,
                authorizationServers: servers,
                scopes: Set(settings.list(.requireScope)).sorted()
            )
        } catch {
            throw .usage("\(resource.origin): \(error.message)")
        }
    }
}
