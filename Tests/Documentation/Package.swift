// swift-tools-version:6.2
import PackageDescription

// Every Swift block of the documentation, as `extract.py` finds them. It belongs to no other package, so that `package`
// access reaches nothing here: what does not build here, a reader can't build.
let verification = "token-verification"

let package = Package(
    name: "documentation",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: verification, path: "../.."),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        .testTarget(
            name: "Blocks",
            dependencies: [
                .product(name: "CacheStores", package: verification),
                .product(name: "CacheStoresRedis", package: verification),
                .product(name: "CacheStoresSQLite", package: verification),
                .product(name: "CacheStoresTesting", package: verification),
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "TokenVerification", package: verification),
                .product(name: "TokenVerificationHummingbird", package: verification),
                .product(name: "TokenVerificationJWT", package: verification),
            ],
            path: "Blocks"
        )
    ],
    swiftLanguageModes: [.v6]
)
