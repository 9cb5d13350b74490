// swift-tools-version: 6.2
import PackageDescription

/// One strictness for every target: Swift 6, the upcoming features, warnings are errors.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
/// Pointers exist in Postgres and Curl only; everywhere else an unmarked one does not compile.
let strict = house + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "recoup",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "Dunning", swiftSettings: strict),
        .target(
            name: "SQL", path: "sql", sources: ["SQL.swift"],
            resources: [
                .embedInCode("migrations"), .embedInCode("functions"), .embedInCode("queries"), .embedInCode("bench"),
            ],
            swiftSettings: strict),
        .target(name: "Postgres", dependencies: ["CPostgres", deque, crypto, logging], swiftSettings: house),
        .target(name: "Curl", dependencies: ["CCurl"], swiftSettings: house),
        .target(name: "Files", dependencies: ["CZlib"], swiftSettings: strict),
        .target(name: "Gateways", dependencies: ["Curl", crypto, logging], swiftSettings: strict),
        .target(name: "Queue", dependencies: ["Postgres", "SQL"], swiftSettings: strict),
        .target(name: "Store", dependencies: ["Dunning", "Queue", "Postgres", "SQL"], swiftSettings: strict),
        .target(
            name: "Operations",
            dependencies: ["Store", "Gateways", "Queue", "Dunning", "Postgres", "Files", crypto, yams],
            swiftSettings: strict),
        .target(
            name: "Host",
            dependencies: [configuration, hummingbird, httpTypes, nioCore, lifecycle, logging, unixSignals],
            swiftSettings: strict),

        .executableTarget(
            name: "recoup-api",
            dependencies: [
                "Operations", "Host", "Dunning", "Postgres", "Queue", "Gateways", "SQL", "Store", configuration,
                hummingbird,
                httpTypes, nioCore, lifecycle, logging, crypto,
            ], resources: [.embedInCode("openapi.yaml")], swiftSettings: strict),
        .executableTarget(
            name: "recoup-metrics",
            dependencies: [
                "Operations", "Host", "Dunning", "Store", "Postgres", "SQL", configuration, lifecycle, logging,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "recoup",
            dependencies: [
                "Operations", "Host", "Dunning", "Postgres", "Queue", "Gateways", "Curl", "SQL", "Store",
                argumentParser,
                configuration, logging, crypto,
            ], swiftSettings: strict),
        .executableTarget(
            name: "recoup-sandbox",
            dependencies: [
                configuration, crypto, hummingbird, httpTypes, nioCore, nioPosix, lifecycle, logging, unixSignals,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "recoup-worker",
            dependencies: [
                "Operations", "Host", "Dunning", "Postgres", "Queue", "Gateways", "SQL", "Store", configuration,
                lifecycle,
                logging,
            ], swiftSettings: strict),

        .target(
            name: "Support",
            dependencies: [
                "Operations", "Store", "Queue", "Gateways", "Curl", "Dunning", "Postgres", "SQL", crypto, logging,
            ],
            path: "Tests/Support", swiftSettings: strict),
        .testTarget(name: "DunningTests", dependencies: ["Dunning"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", logging, crypto], swiftSettings: strict),
        .testTarget(name: "CurlTests", dependencies: ["Support", "Curl"], swiftSettings: strict),
        .testTarget(name: "FilesTests", dependencies: ["Files", "CZlib"], swiftSettings: strict),
        .testTarget(
            name: "GatewaysTests", dependencies: ["Support", "Gateways", "Curl", logging], swiftSettings: strict),
        .testTarget(
            name: "HostTests", dependencies: ["Support", "Host", configuration, lifecycle, logging],
            swiftSettings: strict),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Support", "CPostgres", "Postgres", "SQL", "Dunning", "Store", "Operations", "Queue", logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "QueueTests", dependencies: ["Support", "Postgres", "Dunning", "Store", "Operations", "Queue"],
            swiftSettings: strict),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "Support", "Postgres", "SQL", "Dunning", "Store", "Gateways", "Operations", "Queue", "Files", logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RecoupTests",
            dependencies: [
                "Support", "recoup", "Host", "Operations", "Store", "Dunning", "Postgres", "SQL", configuration,
                argumentParser, logging,
            ], swiftSettings: strict),
        .testTarget(
            name: "SandboxTests",
            dependencies: ["Support", "recoup-sandbox", configuration, logging, nioCore, nioPosix, lifecycle],
            swiftSettings: strict),
        .testTarget(
            name: "APITests",
            dependencies: [
                "recoup-api", "Support", "Operations", "Host", "Dunning", "Postgres", "Store", hummingbird, httpTypes,
                lifecycle, logging, yams, nioCore, nioPosix, .product(name: "NIOHTTP1", package: "swift-nio"),
            ], swiftSettings: strict),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "Support", "recoup", "recoup-api", "recoup-sandbox", "recoup-worker", "Operations", "Store", "Queue",
                "Dunning", "Postgres", "SQL", "Host", "Gateways", configuration, lifecycle, logging,
            ], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
