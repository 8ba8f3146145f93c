/// What the marks of an answer's subject and client say of the answer.
enum RevocationState {
    /// It was verified after every mark of its subject and its client.
    case clear
    /// It was verified no later than a mark.
    case covered
    /// Its marks have not been looked up.
    case unknown
}
