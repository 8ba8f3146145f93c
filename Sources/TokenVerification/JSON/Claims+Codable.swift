#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Claims {
    /// The claims as a JSON object, in ascending order of their names.
    public var json: [UInt8] { Array(JSONWriter.text(.object(members)).utf8) }

    /// Decodes the claims into a type of your own.
    ///
    /// ```swift
    /// struct Profile: Decodable { let email: String; let groups: [String]? }
    /// let profile = try caller.claims.decode(Profile.self)
    /// ```
    ///
    /// - Parameters:
    ///   - type: the type.
    ///   - decoder: reads the JSON; `nil` for one that reads dates as seconds since 1970, as all claims give them
    ///     (`NumericDate`, RFC 7519 §2), and has no other strategy.
    /// - Returns: the value.
    /// - Throws: `DecodingError` if the claims don't have what the type needs.
    public func decode<Value: Decodable>(
        _ type: Value.Type,
        using decoder: JSONDecoder? = nil
    ) throws -> Value {
        let standard = JSONDecoder()
        standard.dateDecodingStrategy = .secondsSince1970
        return try (decoder ?? standard).decode(type, from: Data(json))
    }
}

/// By way of the coder's numbers: an integral double comes back as an integer, and an integer of more than 64 bits as
/// the nearest double; a JSON encoder refuses a number beyond all doubles. ``Claims/json`` and ``Claims/init(json:)``
/// keep all of it.
extension Claims: Codable {
    /// - Throws: `DecodingError`, also for more than 32 levels of nesting.
    public init(from decoder: any Decoder) throws {
        let members = try [String: ClaimValue](from: decoder)
        guard members.values.allSatisfy({ $0.depth <= maximumClaimDepth }) else {
            let message = "claims must not be nested deeper than \(maximumClaimDepth) levels"
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: message)
            )
        }
        self.init(Dictionary(members.map { (ExactText($0.key), $0.value) }) { first, _ in first })
    }

    public func encode(to encoder: any Encoder) throws {
        try ClaimValue.object(members).encode(to: encoder)
    }
}

extension ClaimValue: Codable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    /// Reads any JSON value; an integer that neither `Int64` nor `UInt64` holds becomes ``number(_:)``.
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Name.self) {
            let members = try container.allKeys.map {
                (ExactText($0.stringValue), try container.decode(ClaimValue.self, forKey: $0))
            }
            self = .object(Dictionary(members) { first, _ in first })
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .largeInteger(String(value))
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else {
            self = .array(try container.decode([ClaimValue].self))
        }
    }

    /// Writes the value; a ``largeInteger(_:)`` that `UInt64` does not hold as the nearest double.
    public func encode(to encoder: any Encoder) throws {
        if case .object(let members) = self {
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in members {
                try container.encode(value, forKey: Name(stringValue: name.text))
            }
            return
        }
        var container = encoder.singleValueContainer()
        switch self {
        case .null, .object: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .largeInteger(let digits):
            if let value = UInt64(digits) {
                try container.encode(value)
            } else {
                try container.encode(Double(digits) ?? .infinity)
            }
        case .string(let value): try container.encode(value)
        case .array(let elements): try container.encode(elements)
        }
    }
}
