import Listening
import TokenVerification

extension GateConfiguration {
    static func authority(_ settings: Settings, _ secrets: Secrets) throws(CommandFailure) -> Authority {
        let asksGitHub = try settings.flag(.gitHub)
        switch (settings.value(.introspectionEndpoint), asksGitHub) {
        case (nil, false):
            throw .usage("no authority is given: --introspection-endpoint URL --client-id ID, or --github")
        case (_?, true):
            throw .usage("only one authority can be asked: --introspection-endpoint or --github")
        case (let endpoint?, false):
            try refuse([.gitHubAPI, .gitHubClientID], in: settings, without: "--github")
            return try introspection(endpoint.text, settings, secrets)
        case (nil, true):
            let misplaced: [Setting] = [.clientID, .clientAuthentication]
            try refuse(misplaced, in: settings, without: "--introspection-endpoint")
            return try gitHub(settings, secrets)
        }
    }

    private static func introspection(
        _ url: String,
        _ settings: Settings,
        _ secrets: Secrets
    ) throws(CommandFailure) -> Authority {
        guard let clientID = settings.value(.clientID) else {
            throw .usage("--introspection-endpoint needs --client-id, the gate's own name at the authority")
        }
        guard let secret = try secrets.text(.client) else {
            throw .usage("--introspection-endpoint needs \(Secrets.Name.client.variable) or its …_FILE")
        }
        let authentication = try settings.choice(.clientAuthentication, of: ClientAuthentication.self)
        return .introspection(
            url: url,
            clientID: clientID.text,
            secret: ClientSecret(secret),
            authentication ?? .basic
        )
    }

    private static func gitHub(_ settings: Settings, _ secrets: Secrets) throws(CommandFailure) -> Authority {
        let api = settings.value(.gitHubAPI)?.text ?? GitHubAPI.defaultURL
        let secret = try secrets.text(.gitHubClient)
        switch (settings.value(.gitHubClientID), secret) {
        case (nil, nil): return .gitHub(api: api)
        case (let id?, let secret?):
            return .gitHubApplication(api: api, clientID: id.text, secret: ClientSecret(secret))
        case (_?, nil):
            throw .usage("--github-client-id needs \(Secrets.Name.gitHubClient.variable) or its …_FILE")
        case (nil, _?):
            throw .usage("\(Secrets.Name.gitHubClient.variable) needs --github-client-id")
        }
    }

    private static func refuse(
        _ misplaced: [Setting],
        in settings: Settings,
        without other: String
    ) throws(CommandFailure) {
        for setting in misplaced {
            if let value = settings.value(setting) {
                throw .usage("\(value.origin) means nothing without \(other)")
            }
        }
    }
}
