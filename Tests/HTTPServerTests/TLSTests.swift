import Foundation
import Testing

@testable import HTTPServer

@Suite("TLS")
struct TLSTests {
  /// A self-signed pair in a folder of its own, removed with the value.
  private final class Pair {
    let folder = FileManager.default.temporaryDirectory.appending(path: "http-\(UUID().uuidString)")
    var tls: Configuration.TLS {
      .init(certificatePath: folder.path + "/cert.pem", privateKeyPath: folder.path + "/key.pem")
    }

    init() async throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try await renew("one")
    }

    func renew(_ name: String) async throws {
      _ = try await HTTPServerTests.run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-keyout", tls.privateKeyPath, "-out", tls.certificatePath, "-subj", "/CN=\(name)", "-addext",
        "subjectAltName=IP:127.0.0.1")
    }

    deinit {
      try? FileManager.default.removeItem(at: folder)
    }
  }

  private func withServer(
    _ change: (inout Configuration) -> Void = { _ in }, _ test: (TestServer, Pair) async throws -> Void
  )
    async throws
  {
    let pair = try await Pair()
    try await TestServer.with({
      $0.tls = pair.tls
      $0.tlsPort = 0
      change(&$0)
    }) { try await test($0, pair) }
  }

  /// Connects with the options of `openssl s_client` and looks for the text in what it reports.
  private func expect(_ server: TestServer, _ options: [String], says text: String) async throws {
    let address = "127.0.0.1:\(server.addresses[1].port)"
    let command = "openssl s_client -connect \(address) \(options.joined(separator: " ")) </dev/null"
    let output = try await run("sh", "-c", command)
    #expect(output.contains(text))
  }

  @Test("answers over 1.2 and 1.3, keeps alive, and takes large bodies both ways")
  func requests() async throws {
    try await withServer { server, pair in
      let base = "https://\(server.addresses[1])"
      for version in ["1.2", "1.3"] {
        let flags = ["-s", "--cacert", pair.tls.certificatePath, "--tlsv\(version)", "--tls-max", version]
        #expect(try await run(["curl"] + flags + ["\(base)/healthz", "\(base)/items/7"]) == "ok7")
        #expect(try await run(["curl"] + flags + ["\(base)/large"]).utf8.count == 4_000_000)
      }
      let file = pair.folder.appending(path: "body")
      try Data(repeating: 97, count: 3_000_000).write(to: file)
      #expect(
        try await run(
          "curl", "-s", "--cacert", pair.tls.certificatePath, "--data-binary", "@\(file.path)", "\(base)/any")
          == "3000000")
    }
  }

  @Test("speaks http/1.1 by ALPN, nothing older than 1.2, and resumes sessions")
  func protocols() async throws {
    try await withServer { server, pair in
      try await expect(server, ["-alpn", "h2,http/1.1"], says: "ALPN protocol: http/1.1")
      try await expect(server, ["-alpn", "h2"], says: "Cipher is (NONE)")
      try await expect(server, ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], says: "Cipher is (NONE)")
      let ticket = pair.folder.path + "/session"
      try await expect(server, ["-tls1_2", "-sess_out", ticket], says: "New, TLSv1.2")
      try await expect(server, ["-tls1_2", "-sess_in", ticket], says: "Reused, TLSv1.2")
    }
  }

  @Test("reloads its certificate, and keeps the old one when the new one is broken")
  func reload() async throws {
    try await withServer { server, pair in
      try await expect(server, [], says: "CN = one")
      try await pair.renew("two")
      try server.server.reloadCertificates()
      try await expect(server, [], says: "CN = two")
      try Data("nonsense".utf8).write(to: URL(fileURLWithPath: pair.tls.certificatePath))
      #expect(throws: (any Error).self) { try server.server.reloadCertificates() }
      try await expect(server, [], says: "CN = two")
    }
  }

  @Test("cuts off a handshake that doesn't come, or that is no handshake")
  func handshakes() async throws {
    try await withServer({ $0.deadlines.handshakeSeconds = 0.05 }) { server, _ in
      #expect(try RawClient(server.addresses[1]).isClosed())
      let plain = try RawClient(server.addresses[1])
      plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      plain.endOutput()
      while server.server.connectionCount > 0 { await Task.yield() }
      #expect(try server.ask("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")?.body == "ok")
    }
  }
}
