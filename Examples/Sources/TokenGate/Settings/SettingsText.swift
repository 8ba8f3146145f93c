import ArgumentParser

/// The table of settings as texts: the help of a command, and the reference of the documentation.
package enum SettingsText {
    static func help(of command: CommandConfiguration) -> String {
        let name = command.commandName ?? ""
        var text = "\(command.abstract)\n\nUsage: token-gate \(name) [options]\n\n"
        text += wrapped(command.discussion, indent: "") + "\n\n"
        text += wrapped(introduction, indent: "") + "\n"
        for (title, settings) in Setting.sections {
            text += "\n\(title)\n"
            for setting in settings {
                text += "  \(setting.names.joined(separator: ", "))\n"
                text += wrapped(setting.explanation.filter { $0 != "`" }, indent: "      ") + "\n"
            }
        }
        return String(text.dropLast())
    }

    /// Tables in Markdown, one for each section.
    package static var reference: String {
        Setting.sections.map { title, settings in
            let rows = settings.map { setting in
                let cells = [
                    setting.names.map { "`\($0)`" }.joined(separator: "<br>"), setting.keyCell,
                    setting.explanation,
                    setting.change == .live ? "" : "restart",
                ]
                return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
            }
            return
                ([
                    "#### \(title)", "", "| option or variable | key in the file | meaning | to change it |",
                    "| --- | --- | --- | --- |",
                ] + rows).joined(separator: "\n")
        }
        .joined(separator: "\n\n")
    }

    private static let introduction = """
        Every option is a variable too: TOKEN_GATE_STORE for --store; a list there is separated by spaces. Every one has a key \
        in the file of --config. An option counts before its variable, and that before the file. Secrets are no options: a \
        variable holds one, or the variable with _FILE names its file, or the file of --config does.
        """

    private static func wrapped(_ text: String, indent: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
            var lines = [indent]
            for word in paragraph.split(separator: " ") {
                let line = lines[lines.count - 1]
                if line.count + word.count >= 80, line != indent { lines.append(indent) }
                lines[lines.count - 1] += (lines[lines.count - 1] == indent ? "" : " ") + word
            }
            return lines
        }
        .joined(separator: "\n")
    }
}

extension Setting {
    /// How it is given.
    fileprivate var names: [String] {
        if kind.isSecret { return [variable, fileVariable] }
        guard hasOption else { return ["key \(key)"] }
        return [kind.isFlag ? option : "\(option) \(kind.form)"]
    }

    fileprivate var keyCell: String {
        switch place {
        case .commandLine: ""
        case .gate: "`\(key)`"
        case .authority: "`authority.\(key)`"
        case .route: "`authorities.NAME.\(key)`"
        case .requirement: "`\(key)`, `profiles.NAME.\(key)`"
        }
    }

    /// What it means, what is accepted, and what counts if it is not given.
    fileprivate var explanation: String {
        var text = help
        switch kind {
        case .number(let range, _): text += " From \(range.lowerBound) to \(range.upperBound)."
        case .list, .pairs: text += " May be repeated."
        case .text, .flag, .choice, .secret: break
        }
        if preset != "none", !kind.isFlag { text += " Default: \(preset)." }
        return text
    }
}
