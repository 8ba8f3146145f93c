// swift-tools-version:6.2
import PackageDescription

let verification = "token-verification"

let package = Package(
    name: "examples",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "token-gate", targets: ["token-gate"]),
        .executable(name: "authorization-server", targets: ["authorization-server"]),
        .executable(name: "chaos", targets: ["chaos"]),
        .executable(name: "fleet-server", targets: ["fleet-server"]),
        .executable(name: "one-node-server", targets: ["one-node-server"]),
        .executable(name: "walkthrough", targets: ["walkthrough"]),
    ],
    dependencies: [
        .package(name: verification, path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "Listening",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "TokenVerificationHummingbird", package: verification),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "TokenGate",
            dependencies: [
                "Listening",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CacheStores", package: verification),
                .product(name: "CacheStoresRedis", package: verification),
                .product(name: "CacheStoresSQLite", package: verification),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "TokenVerification", package: verification),
                .product(name: "TokenVerificationHummingbird", package: verification),
                .product(name: "TokenVerificationJWT", package: verification),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .executableTarget(
            name: "token-gate",
            dependencies: [
                "Listening", "TokenGate",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/TokenGateCommand"
        ),
        .executableTarget(
            name: "authorization-server",
            dependencies: [
                "Listening",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/AuthorizationServer"
        ),
        .target(
            name: "ExampleFleet",
            dependencies: [
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "_TokenVerificationTestSupport", package: verification),
            ]
        ),
        .target(
            name: "FleetChaos",
            dependencies: [
                "ExampleFleet",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "_TokenVerificationTestSupport", package: verification),
            ]
        ),
        .executableTarget(
            name: "chaos",
            dependencies: ["FleetChaos", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Sources/ChaosCommand"
        ),
        .executableTarget(
            name: "walkthrough",
            dependencies: [
                "ExampleFleet",
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "_TokenVerificationTestSupport", package: verification),
            ],
            path: "Sources/Walkthrough"
        ),
        .executableTarget(
            name: "one-node-server",
            dependencies: [
                .product(name: "CacheStoresSQLite", package: verification),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "TokenVerification", package: verification),
                .product(name: "TokenVerificationHummingbird", package: verification),
            ],
            path: "Sources/OneNodeServer",
            exclude: ["README.md"]
        ),
        .executableTarget(
            name: "fleet-server",
            dependencies: [
                .product(name: "CacheStoresRedis", package: verification),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "TokenVerification", package: verification),
                .product(name: "TokenVerificationHummingbird", package: verification),
            ],
            path: "Sources/FleetServer",
            exclude: ["README.md"]
        ),
        // A link to the test support of the package above.
        .target(name: "RawHTTP", path: "Tests/RawHTTP"),
        .testTarget(
            name: "TokenGateTests",
            dependencies: [
                "authorization-server", "FleetChaos", "ExampleFleet", "fleet-server", "Listening",
                "one-node-server", "RawHTTP", "token-gate", "TokenGate", "walkthrough",
                .product(name: "CacheStores", package: verification),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "TokenVerification", package: verification),
                .product(name: "_TokenVerificationTestSupport", package: verification),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}
