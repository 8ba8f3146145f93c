/// A value whose content must not be printed: not by interpolation, `print`, `dump`, a debugger's summary or a
/// mirror.
package protocol HiddenText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension HiddenText {
    public var description: String { "\(Self.self)(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
