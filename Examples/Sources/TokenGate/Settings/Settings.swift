package import Listening
import TokenVerification

/// All that was given to a gate: by options, by variables, and in a file.
package struct Settings: Sendable {
    /// What an option or a variable can give, and what the file has at its root and in `authority`.
    private(set) var root = SettingGroup(name: "")
    /// `authorities` of the file, in the order of their names.
    private(set) var authorities: [SettingGroup] = []
    /// `profiles` of the file, by their names.
    private(set) var profiles: [String: SettingGroup] = [:]
    /// The file that was read.
    let file: String?

    /// Reads everything.
    ///
    /// An option takes precedence over its variable, and that over the file; an empty variable counts as not set.
    ///
    /// - Parameters:
    ///   - options: the values that were given on the command line.
    ///   - environment: the process's environment; a list there is separated by spaces.
    /// - Throws: `CommandFailure` for what is not accepted, in a message that names where it was given.
    package init(options: [Setting: [String]], environment: [String: String]) throws(CommandFailure) {
        file =
            options[.config]?.last ?? environment[Setting.config.variable].flatMap { $0.isEmpty ? nil : $0 }
        if let file { try read(ConfigurationFile(path: file)) }
        for setting in Setting.all where setting.place != .route {
            if setting.kind.isSecret {
                guard let secret = try GivenSecret(setting, environment: environment) else { continue }
                root.give(secret, for: setting)
            } else if let texts = options[setting], !texts.isEmpty {
                try root.give(texts, for: setting, from: setting.option)
            } else if let text = environment[setting.variable], !text.isEmpty {
                let texts = setting.kind.isPlural ? text.split(separator: " ").map(String.init) : [text]
                try root.give(texts, for: setting, from: setting.variable)
            }
        }
    }

    private mutating func read(_ file: ConfigurationFile) throws(CommandFailure) {
        let objects: Set = ["authority", "authorities", "profiles"]
        try file.read(file.members, into: &root, places: [.gate, .requirement], besides: objects)
        if let object = try file.object("authority") {
            try file.read(object, at: "authority", into: &root, places: [.authority])
        }
        for (name, object) in try file.objects("authorities") {
            var group = SettingGroup(name: "authorities.\(name)")
            try file.read(object, at: group.name, into: &group, places: [.authority, .route, .requirement])
            authorities.append(group)
        }
        for (name, object) in try file.objects("profiles") {
            var group = SettingGroup(name: "profiles.\(name)")
            try file.read(object, at: group.name, into: &group, places: [.requirement])
            profiles[name] = group
        }
    }

    /// Takes over what can't change while a gate runs.
    ///
    /// - Parameter running: what the gate runs with.
    /// - Returns: where settings were given that differ and need a restart.
    mutating func keepFixed(of running: Settings) -> [String] {
        let fixed = Setting.all.filter { $0.change == .restart && !root.agrees(with: running.root, on: $0) }
        let origins = fixed.map { root.has($0) ? root.origin(of: $0) : running.root.origin(of: $0) }
        for setting in fixed { root.take(setting, from: running.root) }
        return origins
    }

    /// What is unwise, but accepted.
    var warnings: [String] { ([root] + authorities).flatMap(\.warnings) }
}
