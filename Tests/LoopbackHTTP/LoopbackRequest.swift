/// What a client sent.
public struct LoopbackRequest: Sendable {
    public var method: String
    /// The path with its query, as it stood on the request line.
    public var target: String
    /// Names in lower case, in the order of arrival.
    public var fields: [(name: String, value: String)]
    public var body: [UInt8]

    /// The value of the only field of that name; nil if there is none, or more than one.
    public func field(_ name: String) -> String? {
        let values = fields.filter { $0.name == name }
        return values.count == 1 ? values.first?.value : nil
    }

    public var text: String { String(decoding: body, as: UTF8.self) }
}
