import Listening

/// Reads the options of a command line by the table of settings.
enum OptionReader {
    /// What was given; an option may be written `--name value` or `--name=value`.
    ///
    /// - Throws: `CommandFailure` for what is no option, and for an option without a value.
    static func options(in arguments: [String]) throws(CommandFailure) -> [Setting: [String]] {
        var options: [Setting: [String]] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let setting = Setting.all.first(where: { $0.hasOption && $0.option == name }) else {
                throw .usage("\(name.debugDescription) is no option; --help shows them all")
            }
            if parts.count == 2 {
                options[setting, default: []].append(String(parts[1]))
            } else if setting.kind.isFlag {
                options[setting, default: []].append("true")
            } else {
                guard let value = rest.popFirst(), !value.hasPrefix("--") else {
                    throw .usage("\(name) needs a value: \(setting.kind.form)")
                }
                options[setting, default: []].append(value)
            }
        }
        return options
    }
}
