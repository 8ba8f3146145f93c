// swift-tools-version:6.2
import PackageDescription

// A package of a third party: a store, an authority, a transport and a verifier from public API alone. It belongs to no
// other package, so that `package` access reaches nothing here. What does not build here, no user can build.
let verification = "token-verification"

let package = Package(
    name: "third-party",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: verification, path: "../..", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    ],
    targets: [
        .target(
            name: "ThirdParty",
            dependencies: [
                .product(name: "CacheStores", package: verification),
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "TokenVerification", package: verification),
            ]
        ),
        .testTarget(
            name: "ThirdPartyTests",
            dependencies: [
                "ThirdParty",
                .product(name: "CacheStores", package: verification),
                .product(name: "CacheStoresTesting", package: verification),
                .product(name: "HTTPTransports", package: verification),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "TokenVerification", package: verification),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// In the manifest, not on the command line, since what this package depends on is built for other programs as well.
for target in package.targets { target.swiftSettings = [.treatAllWarnings(as: .error)] }
