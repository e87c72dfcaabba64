import ServiceLifecycle

/// A part that runs by itself and only has to be started, and stopped in its turn.
struct StoppingService: Service {
  private let starting: @Sendable () async throws -> Void
  private let stopping: @Sendable () async throws -> Void

  init(
    starting: @escaping @Sendable () async throws -> Void = {}, stopping: @escaping @Sendable () async throws -> Void
  ) {
    self.starting = starting
    self.stopping = stopping
  }

  func run() async throws {
    try await starting()
    try? await gracefulShutdown()
    try await stopping()
  }
}
