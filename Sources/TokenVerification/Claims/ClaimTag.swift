/// What an encoded value begins with.
///
/// The numbers are part of the record format: new ones come last, and none is ever used again.
enum ClaimTag: UInt8 {
    case null = 0
    case no = 1
    case yes = 2
    case integer = 3
    case number = 4
    case largeInteger = 5
    case string = 6
    case array = 7
    case object = 8
}
