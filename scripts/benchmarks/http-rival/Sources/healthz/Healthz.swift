import Hummingbird

/// The same answer as AdLoop's `/healthz`, by Hummingbird.
@main
struct Healthz {
  static func main() async throws {
    let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 18082
    let router = Router()
    router.get("healthz") { _, _ in "ok\n" }
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
    try await application.runService()
  }
}
