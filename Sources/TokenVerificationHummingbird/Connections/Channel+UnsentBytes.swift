#if Hummingbird
import NIOCore

extension Channel {
    /// How many bytes were written and are not handed to the system yet.
    var unsentBytes: Int {
        (try? syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
#endif
