/// The secret by which this server proves to an authority who it is; hidden from every way of printing.
public struct ClientSecret: Sendable, Hashable {
    let text: String

    public init(_ text: String) {
        self.text = text
    }
}

extension ClientSecret: HiddenText {}
