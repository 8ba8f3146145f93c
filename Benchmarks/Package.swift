// swift-tools-version:6.2
import PackageDescription

let verification = "token-verification"

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        // With the traits of the other packages, so that they share what is compiled.
        .package(name: verification, path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // What one would use without this package, to measure beside.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .systemLibrary(name: "CBenchmarks"),
        .target(name: "Measuring"),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "CBenchmarks", "Measuring",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CacheStores", package: verification),
                .product(name: "CacheStoresRedis", package: verification),
                .product(name: "CacheStoresSQLite", package: verification),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "TokenVerification", package: verification),
                .product(name: "TokenVerificationJWT", package: verification),
                .product(name: "_TokenVerificationTestSupport", package: verification),
            ],
            path: "Sources/Benchmarks"
        ),
        .testTarget(name: "MeasuringTests", dependencies: ["Measuring"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}
