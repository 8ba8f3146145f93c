/// What its marks say of an answer.
enum RevocationState: Equatable {
    /// It is newer than every mark.
    case clear
    /// The answer about an opaque token is no newer than a mark: the authority decides anew.
    case superseded
    /// The signed token is refused, though its signature is right.
    case refused(VerificationError.Reason)
    /// Its marks can't be told without a look-up, or could not be read.
    case unknown
}
