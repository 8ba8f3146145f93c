import Foundation

/// The paths of the files that this process has open.
func openFiles() throws -> [String] {
    #if os(Linux)
    let directory = "/proc/self/fd"
    return try FileManager.default.contentsOfDirectory(atPath: directory).compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\($0)")
    }
    #else
    return (0..<1024).compactMap { descriptor in
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard fcntl(descriptor, F_GETPATH, &path) == 0 else { return nil }
        return path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    }
    #endif
}
