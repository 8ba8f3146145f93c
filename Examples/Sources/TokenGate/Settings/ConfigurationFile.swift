import Foundation
import Listening
import TokenVerification

/// A file of settings: one JSON object, read strictly.
struct ConfigurationFile {
    let path: String
    let members: [ExactText: ClaimValue]

    private static let maximumSize = 1 << 20

    init(path: String) throws(CommandFailure) {
        self.path = path
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? (file.read(upToCount: Self.maximumSize + 1) ?? Data())
        else { throw .unavailable("the configuration \(path) can't be read") }
        guard data.count <= Self.maximumSize else { throw .usage("\(path) is larger than 1 MiB") }
        do {
            members = try Claims(json: [UInt8](data)).members
        } catch {
            let line = data.prefix(error.position).count { $0 == UInt8(ascii: "\n") } + 1
            throw .usage("\(path), line \(line): one JSON object is needed, in UTF-8, with each name once")
        }
    }

    /// Reads what an object has for the settings of some places.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - prefix: its key; `nil` for the root.
    ///   - group: what takes the values.
    ///   - places: the places whose settings it may have.
    ///   - others: what else it may have.
    /// - Throws: `CommandFailure` for an unknown key, and for a value that is not accepted.
    func read(
        _ object: [ExactText: ClaimValue],
        at prefix: String? = nil,
        into group: inout SettingGroup,
        places: Set<Setting.Place>,
        besides others: Set<String> = []
    ) throws(CommandFailure) {
        for (key, value) in object.sorted(by: { $0.key.text < $1.key.text }) where !others.contains(key.text)
        {
            let name = prefix.map { "\($0).\(key)" } ?? key.text
            guard let setting = Setting.named(key.text, in: places) else {
                let known = Setting.all.filter { places.contains($0.place) }.map(\.key) + others
                throw .usage(
                    "\(path): \(name.debugDescription) is no setting; known there: \(known.sorted().joined(separator: ", "))"
                )
            }
            let origin = "\(path): \(name)"
            guard let texts = setting.texts(of: value) else {
                throw .usage("\(origin) must be \(setting.jsonType), not \(value.typeName)")
            }
            guard setting.kind.isSecret else {
                try group.give(texts, for: setting, from: origin)
                continue
            }
            for path in texts { group.give(try GivenSecret(path: path, from: origin), for: setting) }
        }
    }

    /// The object of a key; `nil` if there is none.
    func object(_ key: ExactText) throws(CommandFailure) -> [ExactText: ClaimValue]? {
        guard let value = members[key] else { return nil }
        guard let object = value.object else {
            throw .usage("\(path): \(key) must be an object, not \(value.typeName)")
        }
        return object
    }

    /// The objects within the object of a key, in the order of their names.
    func objects(
        _ key: ExactText
    ) throws(CommandFailure) -> [(name: String, members: [ExactText: ClaimValue])] {
        var objects: [(String, [ExactText: ClaimValue])] = []
        for (name, value) in try object(key) ?? [:] {
            guard Self.isName(name.text) else {
                throw .usage(
                    "\(path): a name in \(key) must be letters, digits, -, _ and . of ASCII, not \(name.text.debugDescription)"
                )
            }
            guard let members = value.object else {
                throw .usage("\(path): \(key).\(name) must be an object, not \(value.typeName)")
            }
            objects.append((name.text, members))
        }
        return objects.sorted { $0.0 < $1.0 }
    }

    /// As it stands in a path, where nothing is decoded.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

extension Setting {
    /// The texts of a value in the file; `nil` if it is of another type.
    fileprivate func texts(of value: ClaimValue) -> [String]? {
        switch (kind, value) {
        case (.text, .string(let text)), (.choice, .string(let text)), (.secret, .string(let text)):
            return [text]
        case (.flag, .boolean(let truth)): return ["\(truth)"]
        case (.number, .integer(let number)): return ["\(number)"]
        case (.list, .array(let elements)):
            let texts = elements.compactMap(\.string)
            return texts.count == elements.count ? texts : nil
        case (.pairs, .object(let members)):
            let pairs = members.sorted { $0.key.text < $1.key.text }.map { ($0.key.text, $0.value.string) }
            guard pairs.allSatisfy({ $0.1 != nil && !$0.0.utf8.contains(UInt8(ascii: "=")) }) else {
                return nil
            }
            return pairs.map { "\($0.0)=\($0.1 ?? "")" }
        default: return nil
        }
    }

    fileprivate var jsonType: String {
        switch kind {
        case .text, .choice: "a text: \(accepts)"
        case .secret, .flag, .number: accepts
        case .list: "an array of texts"
        case .pairs: "an object whose members are texts"
        }
    }
}

extension ClaimValue {
    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .boolean(let truth): "\(truth)"
        case .integer, .number, .largeInteger: "a number"
        case .string: "a text"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
