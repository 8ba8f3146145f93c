// swift-tools-version:6.2
import PackageDescription

/// SwiftNIO and Hummingbird come only to those who want them.
let hummingbird = TargetDependencyCondition.when(traits: ["Hummingbird"])
let redis = TargetDependencyCondition.when(traits: ["Redis"])

let package = Package(
    name: "token-verification",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "CacheStores", targets: ["CacheStores"]),
        .library(name: "CacheStoresRedis", targets: ["CacheStoresRedis"]),
        .library(name: "CacheStoresSQLite", targets: ["CacheStoresSQLite"]),
        .library(name: "CacheStoresTesting", targets: ["CacheStoresTesting"]),
        .library(name: "HTTPTransports", targets: ["HTTPTransports"]),
        .library(name: "TokenVerification", targets: ["TokenVerification"]),
        .library(name: "TokenVerificationHummingbird", targets: ["TokenVerificationHummingbird"]),
        .library(name: "TokenVerificationJWT", targets: ["TokenVerificationJWT"]),
        // For the tests of Examples and Benchmarks, and for no other package.
        .library(name: "_TokenVerificationTestSupport", targets: ["TokenVerificationTestSupport"]),
    ],
    traits: [
        .trait(name: "Hummingbird", description: "Middleware for Hummingbird: TokenVerificationHummingbird"),
        .trait(name: "Redis", description: "A store in Redis: CacheStoresRedis"),
        .default(enabledTraits: ["Hummingbird", "Redis"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "TokenVerificationTestSupport",
            dependencies: [
                "CacheStores", "CacheStoresTesting", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/TestSupport"
        ),
        .target(name: "CacheStoresWaiting"),
        .testTarget(name: "CacheStoresWaitingTests", dependencies: ["CacheStoresWaiting"]),
        .target(name: "CacheStores", dependencies: ["CacheStoresWaiting"]),
        .target(name: "CacheStoresTesting", dependencies: ["CacheStores", "CacheStoresWaiting"]),
        .testTarget(
            name: "CacheStoresTests",
            dependencies: [
                "TokenVerificationTestSupport", "CacheStores", "CacheStoresTesting", "CacheStoresWaiting",
            ]
        ),
        .testTarget(
            name: "CacheStoresTestingTests",
            dependencies: ["TokenVerificationTestSupport", "CacheStores", "CacheStoresTesting"]
        ),
        .target(
            name: "HTTPTransports",
            dependencies: [
                "CHTTPTransportsCurl",
                "CacheStoresWaiting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .systemLibrary(name: "CHTTPTransportsCurl"),
        .target(name: "LoopbackHTTP", path: "Tests/LoopbackHTTP"),
        .executableTarget(
            name: "TransportProcess",
            dependencies: ["HTTPTransports", .product(name: "HTTPTypes", package: "swift-http-types")],
            path: "Tests/TransportProcess"
        ),
        .testTarget(
            name: "HTTPTransportsTests",
            dependencies: [
                "TokenVerificationTestSupport",
                "HTTPTransports", "LoopbackHTTP", "TransportProcess",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),
        .target(
            name: "TokenVerification",
            dependencies: [
                "CacheStores",
                "CacheStoresWaiting",
                "HTTPTransports",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .executableTarget(
            name: "TokenFlood",
            dependencies: ["CacheStores", "TokenVerification"],
            path: "Tests/TokenFlood"
        ),
        .testTarget(
            name: "TokenVerificationTests",
            dependencies: [
                "TokenVerificationTestSupport",
                "CacheStores",
                "CacheStoresSQLite",
                "CacheStoresTesting",
                "HTTPTransports",
                "LoopbackHTTP",
                "TokenFlood",
                "TokenVerification",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(
            name: "TokenVerificationHummingbird",
            dependencies: [
                "TokenVerification",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: hummingbird),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: hummingbird),
            ]
        ),
        .testTarget(
            name: "TokenVerificationHummingbirdTests",
            dependencies: [
                "CacheStores",
                "HTTPTransports",
                "LoopbackHTTP",
                "TokenVerification",
                "TokenVerificationHummingbird",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: hummingbird),
            ]
        ),
        .target(
            name: "TokenVerificationJWT",
            dependencies: [
                "CacheStores",
                "CacheStoresWaiting",
                "HTTPTransports",
                "TokenVerification",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),
        .testTarget(
            name: "TokenVerificationJWTTests",
            dependencies: [
                "TokenVerificationTestSupport",
                "CacheStores",
                "CacheStoresRedis",
                "CacheStoresSQLite",
                "CacheStoresTesting",
                "HTTPTransports",
                "StoreProcess",
                "StoreProcesses",
                "TokenVerification",
                "TokenVerificationJWT",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .systemLibrary(name: "CCacheStoresSQLite", path: "Backends/SQLite/CCacheStoresSQLite"),
        .target(
            name: "CacheStoresSQLite",
            dependencies: [
                "CacheStores", "CacheStoresWaiting", "CCacheStoresSQLite",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Backends/SQLite/CacheStoresSQLite"
        ),
        .systemLibrary(name: "CCacheStoresHiredis", path: "Backends/Redis/CCacheStoresHiredis"),
        .target(
            name: "CacheStoresRedis",
            dependencies: [
                "CacheStores", "CacheStoresWaiting", "CCacheStoresHiredis",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio", condition: redis),
                .product(name: "NIOPosix", package: "swift-nio", condition: redis),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: redis),
            ],
            path: "Backends/Redis/CacheStoresRedis"
        ),
        .testTarget(
            name: "CacheStoresRedisTests",
            dependencies: [
                "CacheStores", "CacheStoresRedis", "CacheStoresTesting", "TokenVerificationTestSupport",
                "TokenVerification",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio", condition: redis),
                .product(name: "NIOPosix", package: "swift-nio", condition: redis),
            ]
        ),
        .target(
            name: "StoreProcesses",
            dependencies: ["CacheStores", "CCacheStoresSQLite", "TokenVerificationTestSupport"],
            path: "Tests/StoreProcesses"
        ),
        .executableTarget(
            name: "StoreProcess",
            dependencies: [
                "CacheStores", "CacheStoresRedis", "CacheStoresSQLite", "CacheStoresTesting",
                "StoreProcesses", "TokenVerification", "TokenVerificationJWT",
                "TokenVerificationTestSupport",
            ],
            path: "Tests/StoreProcess"
        ),
        .testTarget(
            name: "CacheStoresSQLiteTests",
            dependencies: [
                "TokenVerificationTestSupport",
                "CacheStoresSQLite", "CacheStores", "CacheStoresTesting", "CCacheStoresSQLite",
                "StoreProcess", "StoreProcesses", .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "SharedStoresTests",
            dependencies: [
                "CacheStoresRedis", "CacheStoresSQLite", "CacheStores", "CacheStoresTesting",
                "TokenVerificationTestSupport", "StoreProcess", "StoreProcesses",
                .product(name: "Logging", package: "swift-log"),
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
