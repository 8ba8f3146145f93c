import Foundation
import Synchronization

/// A program of the system in a process group of its own.
///
/// Foundation's `Process` is not used: where this process has many open descriptors, its `run()` reads past the end of a
/// buffer, which now and then ends the tests (Swift 6.3, `findMaximumOpenFromProcSelfFD`; found with AddressSanitizer).
final class SpawnedProgram: Sendable {
    let identifier: pid_t
    /// Its status, once it was waited for; until then no other process gets its identifier.
    private let ending = Mutex<Int32?>(nil)

    /// Starts a program, which inherits no other descriptors and no blocked signals.
    ///
    /// - Parameters:
    ///   - path: where the program lies.
    ///   - arguments: its arguments.
    ///   - environment: its whole environment.
    ///   - descriptors: its standard input, output and error; `nil` for the null device.
    /// - Throws: what keeps it from starting.
    init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String],
        descriptors: [FileHandle?]
    ) throws {
        #if canImport(Darwin)
        var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
        #else
        var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, handle) in zip(CInt(0)..., descriptors) {
            if let handle {
                posix_spawn_file_actions_adddup2(&actions, handle.fileDescriptor, number)
            } else {
                posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            }
        }
        var flags = CInt(POSIX_SPAWN_SETPGROUP) | CInt(POSIX_SPAWN_SETSIGMASK)
        #if canImport(Darwin)
        flags |= CInt(POSIX_SPAWN_CLOEXEC_DEFAULT)
        #else
        for descriptor in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(
            CInt.init
        )
        where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        #endif
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let words = ([path] + arguments).map { strdup($0) }
        let settings = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in words + settings { free(text) } }
        var identifier = pid_t()
        let status = posix_spawn(&identifier, path, &actions, &attributes, words + [nil], settings + [nil])
        guard status == 0 else { throw TestFailure("\(path) does not start: system error \(status)") }
        self.identifier = identifier
    }

    /// Whether the program has not ended.
    var isRunning: Bool { ending.withLock { status(&$0, WNOHANG) == nil } }

    /// Sends the program a signal, or the whole group.
    func signal(_ number: Int32, toGroup: Bool = false) {
        ending.withLock { ending in
            guard status(&ending, WNOHANG) == nil else { return }
            kill(toGroup ? -identifier : identifier, number)
        }
    }

    /// Blocks until the program has ended.
    ///
    /// - Returns: its status, or the signal that ended it.
    func wait() -> Int32 {
        var information = siginfo_t()
        // `WNOWAIT` leaves the status to be read under the lock.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return ending.withLock { status(&$0, 0) } ?? -1
    }

    private func status(_ ending: inout Int32?, _ options: Int32) -> Int32? {
        var status: Int32 = 0
        if ending == nil, waitpid(identifier, &status, options) == identifier {
            let signal = status & 0x7F
            ending = signal == 0 ? status >> 8 & 0xFF : signal
        }
        return ending
    }
}
