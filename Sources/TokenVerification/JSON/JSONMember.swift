/// Where a member of a JSON object was written.
struct JSONMember {
    /// The name behind its length, and the value, with its own length before it if it can be skipped.
    let whole: Range<Int>
    /// The name's UTF-8.
    let name: Range<Int>

    /// Puts members in the ascending order of their names' UTF-8.
    ///
    /// - Parameters:
    ///   - members: the members of one object.
    ///   - written: what they were written to.
    /// - Returns: `nil` if a name occurs twice. Names are the same only if their bytes are.
    static func ordered(_ members: [JSONMember], in written: ByteWriter) -> [JSONMember]? {
        written.bytes.withUnsafeBytes { bytes in
            func name(_ member: JSONMember) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: bytes[member.name])
            }
            let ordered = members.sorted { name($0).lexicographicallyPrecedes(name($1)) }
            for (member, next) in zip(ordered, ordered.dropFirst())
            where name(member).elementsEqual(name(next)) { return nil }
            return ordered
        }
    }
}
