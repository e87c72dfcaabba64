// swift-tools-version: 6.2
import PackageDescription

/// A folder is a room of the life cycle. A room depends only on rooms below it in this list.
let package = Package(
  name: "adloop",
  products: [.executable(name: "adloop", targets: ["adloop"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-atomics", from: "1.3.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "adloop",
      dependencies: [
        "AdServer", "Simulation", "Monitoring", "Experiments", "Learning", "Ranking", "Events", "Catalog", "Features",
        "Locking", .argumentParser, .log, .metrics,
      ]),
    .target(
      name: "AdServer",
      dependencies: [
        "HTTPServer", "Monitoring", "Experiments", "Learning", "Ranking", "Events", "Catalog", "Features",
        "Locking", "COpenSSL", .atomics, .grdb, .httpTypes, .lifecycle, .log, .metrics, .unixSignals, .yams,
      ]),
    .target(
      name: "HTTPServer", dependencies: ["Locking", "COpenSSL", "CZlib", .httpTypes, .log, .metrics, .dequeModule]),
    .target(
      name: "Simulation", dependencies: ["Monitoring", "Events", "Catalog", "Statistics", .heapModule, .yams]),
    .target(name: "Monitoring", dependencies: ["Statistics", "Locking", .metrics]),
    .target(
      name: "Experiments", dependencies: ["Ranking", "Events", "Features", "Statistics", "Locking", .grdb, .yams]),
    .target(
      name: "Learning",
      dependencies: [
        "Ranking", "Events", "Catalog", "Features", "Statistics", "Locking", .atomics, .grdb, .log, .metrics, .yams,
      ]),
    .target(
      name: "Ranking",
      dependencies: [
        "Events", "Catalog", "Features", "Statistics", "Locking", "CRanking", .atomics, .hashTreeCollections,
        .heapModule, .log,
      ]),
    .target(name: "Events", dependencies: ["Catalog", "Features", "Locking", "COpenSSL", .grdb, .log, .metrics]),
    .target(name: "Catalog", dependencies: ["Features", "Statistics", "CZlib", .hashTreeCollections]),
    .target(name: "Features", dependencies: ["COpenSSL", .yams]),
    .target(name: "Statistics", dependencies: [.realModule]),
    .target(name: "Locking"),
    .target(name: "CRanking"),
    .testTarget(
      name: "AdServerTests",
      dependencies: [
        "AdServer", "HTTPServer", "Monitoring", "Experiments", "Learning", "Ranking", "Events", "Catalog", "Features",
        "Statistics", "Locking", .grdb, .httpTypes, .log,
      ]),
    .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer", "Locking", .httpTypes, .log, .metrics]),
    .testTarget(name: "MonitoringTests", dependencies: ["Monitoring", "Statistics", .metrics]),
    .testTarget(name: "DiagnosisTests", dependencies: ["Monitoring", "Statistics"]),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Experiments", "Ranking", "Events", "Statistics", .grdb],
      exclude: ["assignments.json"]),
    .testTarget(
      name: "LearningTests",
      dependencies: ["Learning", "Ranking", "Events", "Features", "Statistics", "Locking", .grdb, .log]),
    .testTarget(name: "JoinTests", dependencies: ["Learning", "Events", "Statistics", "Locking", .grdb, .log]),
    .testTarget(
      name: "RankingTests", dependencies: ["Ranking", "Events", "Catalog", "Features", "Statistics", "CRanking"]),
    .testTarget(name: "EventsTests", dependencies: ["Events", "Statistics", "Locking", .grdb, .log]),
    .testTarget(name: "CatalogTests", dependencies: ["Catalog", "Features", "Statistics"]),
    .testTarget(name: "FeaturesTests", dependencies: ["Features", "Statistics"]),
    .testTarget(
      name: "SimulationTests",
      dependencies: ["Simulation", "Experiments", "Catalog", "Events", "Statistics", "Locking"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "StatisticsVectors"], exclude: ["vectors.json"]),
    .target(name: "StatisticsVectors", dependencies: ["Statistics"], path: "Tests/StatisticsVectors"),
    .executableTarget(name: "check-vectors", dependencies: ["StatisticsVectors"], path: "Tests/CheckVectors"),
    .executableTarget(
      name: "kill-rounds", dependencies: ["Simulation", "Learning", "Events", "Statistics", "Locking", .grdb, .log],
      path: "Tests/KillRounds"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  ],
  swiftLanguageModes: [.v6]
)

extension Target.Dependency {
  static let argumentParser: Self = .product(name: "ArgumentParser", package: "swift-argument-parser")
  static let atomics: Self = .product(name: "Atomics", package: "swift-atomics")
  static let dequeModule: Self = .product(name: "DequeModule", package: "swift-collections")
  static let grdb: Self = .product(name: "GRDB", package: "GRDB.swift")
  static let hashTreeCollections: Self = .product(name: "HashTreeCollections", package: "swift-collections")
  static let heapModule: Self = .product(name: "HeapModule", package: "swift-collections")
  static let httpTypes: Self = .product(name: "HTTPTypes", package: "swift-http-types")
  static let lifecycle: Self = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
  static let log: Self = .product(name: "Logging", package: "swift-log")
  static let metrics: Self = .product(name: "Metrics", package: "swift-metrics")
  static let realModule: Self = .product(name: "RealModule", package: "swift-numerics")
  static let unixSignals: Self = .product(name: "UnixSignals", package: "swift-service-lifecycle")
  static let yams: Self = .product(name: "Yams", package: "Yams")
}

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
