import Listening

/// What was set, where each value came from, and how a wrong one is complained about.
struct Settings {
    /// A value, and the option or the variable that gave it.
    struct Given {
        let text: String
        let origin: String

        /// A complaint that says what was given and what would do.
        func wrong(_ remedy: String) -> CommandFailure {
            .usage("\(origin): \(text.debugDescription) won't do: \(remedy)")
        }
    }

    private let given: [Setting: [Given]]

    /// An option on the command line takes precedence over its variable; an empty variable counts as not set.
    ///
    /// - Parameters:
    ///   - options: the values that were given on the command line.
    ///   - environment: the process's environment; a list there is separated by spaces.
    init(options: [Setting: [String]], environment: [String: String]) {
        var given: [Setting: [Given]] = [:]
        for setting in Setting.allCases {
            if let values = options[setting], !values.isEmpty {
                given[setting] = values.map { Given(text: $0, origin: setting.option) }
            } else if let text = environment[setting.variable], !text.isEmpty {
                let values = setting.isList ? text.split(separator: " ").map(String.init) : [text]
                given[setting] = values.map { Given(text: $0, origin: setting.variable) }
            }
        }
        self.given = given
    }

    func value(_ setting: Setting) -> Given? { given[setting]?.last }

    func list(_ setting: Setting) -> [String] { given[setting, default: []].map(\.text) }

    /// A whole number within a range.
    func number(_ setting: Setting, in range: ClosedRange<Int>) throws(CommandFailure) -> Int? {
        guard let value = value(setting) else { return nil }
        guard let number = Int(value.text), range.contains(number) else {
            throw value.wrong("a whole number from \(range.lowerBound) to \(range.upperBound) is needed")
        }
        return number
    }

    /// A number of seconds, from none to ten years.
    func seconds(_ setting: Setting) throws(CommandFailure) -> Duration? {
        try number(setting, in: 0...315_360_000).map { .seconds($0) }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ setting: Setting,
        of type: Choice.Type
    ) throws(CommandFailure) -> Choice? {
        guard let value = value(setting) else { return nil }
        guard let choice = Choice(rawValue: value.text) else {
            let choices = type.allCases.map(\.rawValue).joined(separator: ", ")
            throw value.wrong("one of these is needed: \(choices)")
        }
        return choice
    }

    /// A switch, which on the command line needs no value.
    func flag(_ setting: Setting) throws(CommandFailure) -> Bool {
        guard let value = value(setting) else { return false }
        switch value.text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw value.wrong("true or false is needed")
        }
    }
}
