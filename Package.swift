// swift-tools-version:6.2
import PackageDescription

let package = Package(
    name: "token-verification",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "CacheStores", targets: ["CacheStores"]),
        .library(name: "CacheStoresTesting", targets: ["CacheStoresTesting"]),
        .library(name: "HTTPTransports", targets: ["HTTPTransports"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: [])
    ],
    targets: [
        .target(name: "CacheStores"),
        .target(name: "CacheStoresTesting", dependencies: ["CacheStores"]),
        .testTarget(name: "CacheStoresTests", dependencies: ["CacheStores", "CacheStoresTesting"]),
        .testTarget(
            name: "CacheStoresTestingTests",
            dependencies: ["CacheStores", "CacheStoresTesting"]
        ),
        .target(
            name: "HTTPTransports",
            dependencies: [.product(name: "HTTPTypes", package: "swift-http-types")]
        ),
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
