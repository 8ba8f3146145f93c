// swift-tools-version:6.2
import PackageDescription

let package = Package(
    name: "token-verification",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "CacheStores", targets: ["CacheStores"]),
        .library(name: "CacheStoresTesting", targets: ["CacheStoresTesting"]),
        .library(name: "HTTPTransports", targets: ["HTTPTransports"]),
        .library(name: "CacheStoresSQLite", targets: ["CacheStoresSQLite"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "CacheStores"),
        .target(name: "CacheStoresTesting", dependencies: ["CacheStores"]),
        .testTarget(name: "CacheStoresTests", dependencies: ["CacheStores", "CacheStoresTesting"]),
        .target(
            name: "HTTPTransports",
            dependencies: [.product(name: "HTTPTypes", package: "swift-http-types")]
        ),
        .systemLibrary(name: "CCacheStoresSQLite", path: "Backends/SQLite/CCacheStoresSQLite"),
        .target(
            name: "CacheStoresSQLite",
            dependencies: [
                "CacheStores", "CCacheStoresSQLite", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Backends/SQLite/CacheStoresSQLite"
        ),
        .target(
            name: "SQLiteStoreSamples",
            dependencies: ["CacheStores"],
            path: "Tests/SQLiteStoreSamples"
        ),
        .executableTarget(
            name: "SQLiteStoreProcess",
            dependencies: ["CacheStoresSQLite", "CacheStores", "SQLiteStoreSamples"],
            path: "Tests/SQLiteStoreProcess"
        ),
        .testTarget(
            name: "CacheStoresSQLiteTests",
            dependencies: [
                "CacheStoresSQLite", "CacheStores", "CacheStoresTesting", "CCacheStoresSQLite",
                "SQLiteStoreProcess", "SQLiteStoreSamples", .product(name: "Logging", package: "swift-log"),
            ]
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
