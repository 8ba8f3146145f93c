import Foundation

/// The files of this repository.
enum Repository {
    static let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
}
