import Catalog
import Events
import Features
import Foundation
import HTTPTypes
import Learning
import Locking
import Logging
import Testing

@testable import AdServer
@testable import HTTPServer

@Suite("Ads are changed while they are served")
struct AdRoutesTests {
  /// A system in a folder of its own with three ads, and the routes over it.
  private struct Site {
    let system: AdSystem
    let deployer: Deployer
    let service: RankService

    init(folder: URL? = nil) throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let folder = folder ?? FileManager.default.temporaryDirectory.appending(path: "ad-routes-\(UUID())")
      system = try AdSystem(
        directory: DataDirectory(path: folder.path), settings: Settings(),
        schema: Schema(contentsOf: root.appending(path: "config/features.yaml")),
        experiments: root.appending(path: "config/experiments.yaml"), environment: [:])
      if try system.openCatalog().count == 0 {
        var builder = CatalogBuilder()
        for number in 1...3 { try builder.add(Ad(id: "ad-\(number)", bid: Double(number))) }
        try system.directory.catalog.replace(with: builder.build())
      }
      try system.catchUp()
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      deployer = try Deployer(system, logger: logger)
      service = RankService(
        state: deployer.state, ledger: deployer.ledger, sealer: system.sealer, log: system.log,
        settings: system.settings.ranking,
        tally: TrafficTally(schema: system.schema, log: system.log, now: WallClock.now()), clock: WallClock.now)
    }

    func close() throws {
      try system.close()
      try FileManager.default.removeItem(at: system.directory.url)
    }

    /// The answer of a route, waited for.
    func call(_ method: HTTPRequest.Method, _ id: String?, _ body: String = "") throws -> (status: Int, body: String) {
      let routes = AdRoutes(deployer: deployer).routes
      let path = id.map { "/admin/ads/\($0)" } ?? "/admin/ads"
      let pattern = id == nil ? "/admin/ads" : "/admin/ads/{id}"
      let route = try #require(routes.first { $0.method == method && $0.pattern == pattern })
      var request = try Request(method: method, target: path, body: Array(body.utf8))
      if let id { request.parameters["id"] = id }
      let answer: Response
      switch route.handler {
      case .immediate(let handle):
        do { answer = try handle(request) } catch let problem as Problem { answer = problem.response }
      case .deferred(let handle):
        let (given, done) = (Locked<Response?>(nil), DispatchSemaphore(value: 0))
        handle(
          request,
          Responder { response in
            given.withLock { $0 = response }
            done.signal()
          })
        done.wait()
        answer = try #require(given.withLock { $0 })
      }
      return (answer.status.code, String(decoding: answer.body, as: UTF8.self))
    }

    func ranked(_ context: [String: String] = [:]) throws -> [String] {
      var query = RankQuery(context: context)
      query.slots = 10
      return try service.decide(query, traffic: .dryRun).ads.map(\.id)
    }
  }

  @Test("every answered change is visible to the next request, and there after a restart")
  func changes() throws {
    let site = try Site()
    #expect(try site.ranked() == ["ad-3", "ad-2", "ad-1"])
    #expect(
      try site.call(.put, "ad-9", #"{"bid":9,"targeting":{"country":["DE"]},"creative":{"url":"https://a.example/"}}"#)
        .status == 201)
    #expect(try site.ranked(["country": "DE"]) == ["ad-9", "ad-3", "ad-2", "ad-1"])
    #expect(try site.ranked() == ["ad-3", "ad-2", "ad-1"])
    #expect(try site.call(.patch, "ad-1", #"{"bid":5}"#).status == 200)
    #expect(try site.ranked() == ["ad-1", "ad-3", "ad-2"])
    #expect(try site.call(.patch, "ad-3", #"{"status":"paused"}"#).status == 200)
    #expect(try site.ranked() == ["ad-1", "ad-2"])
    #expect(try site.call(.delete, "ad-2") == (204, ""))
    #expect(try site.ranked() == ["ad-1"])
    #expect(try site.call(.put, "ad-2", #"{"id":"ad-2","bid":7}"#).status == 201)
    #expect(try site.call(.get, "ad-3").body.contains(#""status":"paused""#))
    #expect(site.deployer.state.load().landingPage(of: "ad-9") == "https://a.example/")
    #expect(site.deployer.state.load().landingPage(of: "ad-2") == "")
    try site.system.close()
    let reopened = try Site(folder: site.system.directory.url)
    #expect(try reopened.ranked() == ["ad-2", "ad-1"])
    #expect(try reopened.ranked(["country": "DE"]) == ["ad-9", "ad-2", "ad-1"])
    #expect(try reopened.system.openCatalog().merged().count == 4)
    try reopened.close()
  }

  @Test("what can't be done says why, and changes nothing")
  func refusals() throws {
    let site = try Site()
    let refused: [(HTTPRequest.Method, String, String, Int, String)] = [
      (.get, "nobody", "", 404, "no ad 'nobody'"), (.delete, "nobody", "", 404, "no ad 'nobody'"),
      (.patch, "nobody", "{}", 404, "no ad 'nobody'"), (.put, "x", "{}", 422, "the bid is missing"),
      (.put, "x", #"{"id":"y","bid":1}"#, 422, "isn't the one of the address"),
      (.put, "x", #"{"bid":-1}"#, 422, "the bid is -1.0"), (.put, "x", "{", 422, "not JSON"),
      (.patch, "ad-1", #"{"id":"y"}"#, 422, "can't change its id"),
      (.patch, "ad-1", #"{"color":"red"}"#, 422, "the key 'color' is unknown"),
    ]
    for (method, id, body, status, reason) in refused {
      let answer = try site.call(method, id, body)
      #expect(answer.status == status, "\(method) \(id) \(body)")
      #expect(answer.body.contains(reason), "\(answer.body)")
    }
    #expect(try site.ranked() == ["ad-3", "ad-2", "ad-1"])
    try site.close()
  }

  @Test("of many ads the good ones are put, and the bad lines are told")
  func many() throws {
    let site = try Site()
    let body = #"{"id":"a","bid":8}"# + "\n\nnonsense\n" + #"{"id":"b","bid":-1}"# + "\n" + #"{"id":"a","bid":9}"#
    let answer = try site.call(.post, nil, body)
    #expect(answer.status == 200)
    #expect(
      answer.body.hasPrefix(
        #"{"accepted":2,"without_url":2,"rejected_count":2,"rejected":[{"line":3,"reason":"not JSON"#))
    #expect(answer.body.contains(#"{"line":4,"reason":"the bid is -1.0"#))
    #expect(try site.ranked() == ["a", "ad-3", "ad-2", "ad-1"])
    #expect(try site.call(.post, nil, "nonsense").status == 422)
    #expect(try site.call(.post, nil, "\n").status == 400)
    let tooMany = (0...AdRoutes.adCountMax).map { "{\"id\":\"\($0)\",\"bid\":1}" }.joined(separator: "\n")
    #expect(try site.call(.post, nil, tooMany).status == 413)
    try site.close()
  }

  @Test("an import beside the server takes the place of ads and changes alike")
  func importing() throws {
    let site = try Site()
    #expect(try site.call(.put, "ad-9", #"{"bid":9}"#).status == 201)
    var builder = CatalogBuilder()
    try builder.add(Ad(id: "new", bid: 1))
    try site.system.directory.catalog.replace(with: builder.build())
    #expect(try site.call(.put, "ad-8", #"{"bid":8}"#).status == 201)
    try site.deployer.step()
    #expect(try site.ranked() == ["ad-8", "new"])
    #expect(try site.system.openCatalog().merged().count == 2)
    try site.close()
  }

  @Test("calls from many threads are all answered, and a withdrawn ad isn't served after its answer")
  func concurrent() throws {
    let site = try Site()
    DispatchQueue.concurrentPerform(iterations: 40) { number in
      let id = "c\(number)"
      let answers = [
        try? site.call(.put, id, #"{"bid":\#(100 + number)}"#).status,
        (try? site.ranked())?.contains(id) == true ? 1 : 0,
        try? site.call(.patch, id, #"{"status":"paused"}"#).status,
        (try? site.ranked())?.contains(id) == true ? 1 : 0,
      ]
      #expect(answers[0] == 201 && answers[2] == 200 && answers[3] == 0, "\(answers)")
    }
    #expect(try site.ranked() == ["ad-3", "ad-2", "ad-1"])
    try site.close()
  }
}
