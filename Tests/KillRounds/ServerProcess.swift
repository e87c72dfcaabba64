import Foundation

/// A server of its own process on a free port.
final class ServerProcess: Sendable {
  let base: URL
  private let identifier: pid_t
  private let process: Process

  /// Starts it and waits until it listens.
  init(executable: String, directory: URL) throws {
    process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = ["serve", "--data-dir", directory.path, "--port", "0"]
    // Short windows, so that labels become final under load too.
    process.environment = ProcessInfo.processInfo.environment.merging([
      "ADLOOP_JOIN_CLICK_WINDOW_SECONDS": "0.3", "ADLOOP_JOIN_SETTLE_SECONDS": "0.1",
      "ADLOOP_RANKING_REFRESH_MILLISECONDS": "10",
    ]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    identifier = process.processIdentifier
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let address = line.split(separator: "\n").first?.split(separator: " ").last,
      let url = URL(string: "http://\(address)")
    else {
      process.terminate()
      throw CocoaError(.executableLoad, userInfo: [NSLocalizedDescriptionKey: "the server didn't start: \(line)"])
    }
    base = url
  }

  /// Ends it at once, as nothing can prevent, and waits until it is gone.
  func kill() {
    Foundation.kill(identifier, SIGKILL)
    process.waitUntilExit()
  }
}
