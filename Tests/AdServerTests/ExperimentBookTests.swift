import Catalog
import Events
import Experiments
import Features
import Foundation
import GRDB
import HTTPTypes
import Learning
import Locking
import Logging
import Testing

@testable import AdServer
@testable import HTTPServer

/// Goal: steps of experiments are durable with their history, take effect while serving, and survive a kill between log and
/// file. Method: a system on disk, its routes called directly, files put back to what a kill would leave.
@Suite("The life of experiments")
struct ExperimentBookTests {
  /// A system with three ads, its routes and the deployer that a server steps.
  private struct Site {
    let system: AdSystem
    let deployer: Deployer
    let service: RankService

    init() throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let folder = FileManager.default.temporaryDirectory.appending(path: "experiments-\(UUID())")
      system = try AdSystem(
        directory: DataDirectory(path: folder.path), settings: Settings(),
        schema: Schema(contentsOf: root.appending(path: "config/features.yaml")),
        experiments: root.appending(path: "config/experiments.yaml"), environment: [:])
      var builder = CatalogBuilder()
      for number in 1...3 { try builder.add(Ad(id: "ad-\(number)", bid: Double(number))) }
      try system.directory.catalog.replace(with: builder.build())
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

    func call(_ method: HTTPRequest.Method, _ path: String, _ body: String = "") throws -> (status: Int, body: String) {
      let router = Router(routes: ExperimentRoutes(system: system).routes, middleware: [])
      let bare = path.prefix { $0 != "?" }
      let (resource, parameters) = try #require(router.tree.resource(Array(bare.utf8)[...]))
      let endpoint = try #require(resource.endpoint(RequestHead.Method(rawValue: method.rawValue)!))
      var found = try Request(method: method, target: path, body: Array(body.utf8))
      found.parameters = parameters
      let answer: Response
      switch endpoint.route.handler {
      case .immediate(let handle):
        do { answer = try handle(found) } catch let problem as Problem { answer = problem.response }
      case .deferred(let handle):
        let box = Locked<Response?>(nil)
        let done = DispatchSemaphore(value: 0)
        handle(
          found,
          Responder { response in
            box.withLock { $0 = response }
            done.signal()
          })
        done.wait()
        answer = box.withLock { $0! }
      }
      return (answer.status.code, String(decoding: answer.body, as: UTF8.self))
    }

    /// The arms of each of some users.
    func arms(_ forced: [String: String] = [:]) throws -> [[String: String]] {
      try (0..<20).map { number in
        var query = RankQuery(user: "u\(number)")
        query.forcedArms = forced
        return try service.decide(query, traffic: .live).experiments
      }
    }
  }

  private let creation = """
    {"why":"is less more?","who":"ann","experiment":{"name":"price","share":0.5,
     "arms":[{"name":"a"},{"name":"b","changes":{"reserve_price":2.5}}]}}
    """

  @Test("steps over HTTP take effect while serving, and are told in the history with who and why")
  func life() throws {
    let site = try Site()
    #expect(try site.call(.post, "/admin/experiments", creation).status == 201)
    try site.deployer.step()
    #expect(try site.arms().allSatisfy { $0["price"] == nil }, "a draft takes nobody")
    #expect(try site.arms(["price": "b"]).allSatisfy { $0["price"] == "forced:b" })
    #expect(throws: Problem.self) { try site.arms(["price": "x"]) }

    #expect(try site.call(.post, "/admin/experiments/price/start", #"{"why":"go"}"#).status == 200)
    try site.deployer.step()
    let half = try site.arms().map { $0["price"] }
    #expect(Set(half) == ["a", "b", nil])
    #expect(try site.call(.post, "/admin/experiments/price/ramp", #"{"why":"well","share":1}"#).status == 200)
    try site.deployer.step()
    let whole = try site.arms().map { $0["price"] }
    #expect(zip(half, whole).allSatisfy { $0 == nil || $0 == $1 } && !whole.contains(nil))

    #expect(try site.call(.post, "/admin/experiments/price/ramp", #"{"why":"less","share":0.5}"#).status == 422)
    #expect(try site.call(.post, "/admin/experiments/price/decide", #"{"arm":"b"}"#).status == 422, "no why")
    #expect(try site.call(.post, "/admin/experiments/none/stop", #"{"why":"x"}"#).status == 404)
    let decided = try site.call(.post, "/admin/experiments/price/decide", #"{"why":"more money","who":"bo","arm":"b"}"#)
    #expect(decided.status == 200)
    try site.deployer.step()
    #expect(try site.arms().allSatisfy { $0["price"] == nil })
    let decision = try site.service.decide(RankQuery(user: "u1"), traffic: .live)
    #expect(decision.ads.map(\.id) == ["ad-3"], "the reserve price of the arm holds for everybody")

    let steps = try ExperimentBook(site.system).history(of: "price")
    #expect(steps.map(\.action) == ["create", "start", "ramp", "decide"])
    #expect(steps.map(\.who) == ["ann", "admin", "admin", "bo"])
    #expect(steps.map(\.why) == ["is less more?", "go", "well", "more money"])
    #expect(steps.map { $0.after?.share } == [0.5, 0.5, 1, 1] && steps[2].before?.share == 0.5)
    #expect(try site.call(.get, "/admin/experiments/price/history").body.contains("is less more?"))
    try site.close()
  }

  @Test("a change that reached the log and not the file is finished by whoever comes next")
  func killedBetween() throws {
    let site = try Site()
    let book = ExperimentBook(site.system)
    let signature = try ExperimentBook.Signature(who: "ann", why: "test")
    let draft = Experiment(name: "price", arms: [Arm(name: "a", weight: 1), Arm(name: "b", weight: 1)])
    try book.take(.create(draft), of: "price", signature)
    let file = site.system.directory.experiments
    let before = try Data(contentsOf: file)
    try book.take(.start(share: nil), of: "price", signature)
    let after = try Data(contentsOf: file)
    try before.write(to: file)
    try book.recover()
    #expect(try Data(contentsOf: file) == after)
    try before.write(to: file)
    try book.take(.stop, of: "price", signature)
    #expect(try book.history(of: "price").map(\.action) == ["create", "start", "stop"])
    #expect(try book.history().compactMap(\.revision) == [1, 2, 3])

    // What a person puts there holds, and later steps go on from it.
    try Data("experiments: []".utf8).write(to: file)
    try book.recover()
    #expect(try site.system.openExperiments().experiments.isEmpty)
    try book.take(.create(draft), of: "price", signature)
    #expect(try site.system.openExperiments().revision == 4)
    try site.close()
  }

  @Test("a replacement is told by experiment, and one that would move users is refused")
  func replacement() throws {
    let site = try Site()
    let two = #"{"experiments":[{"name":"price","layer":"x","arms":[{"name":"a"},{"name":"b"}]}]}"#
    #expect(try site.call(.put, "/admin/experiments?who=ann&why=fresh", two).status == 200)
    let steps = try ExperimentBook(site.system).history()
    #expect(
      steps.map { "\($0.experiment) \($0.action) \($0.who) \($0.why)" } == [
        "price create ann fresh", "aa remove ann fresh",
      ])
    let moved = two.replacing(#"{"name":"b"}"#, with: #"{"name":"b","weight":2}"#)
    #expect(try site.call(.put, "/admin/experiments", moved).status == 422)
    #expect(try site.call(.get, "/admin/experiments").body.contains(#""revision":1"#))
    try site.close()
  }

  @Test("processes that change experiments at once take turns, and no step is lost")
  func concurrent() throws {
    let site = try Site()
    let book = ExperimentBook(site.system)
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      let draft = Experiment(
        name: "e\(number)", layer: "l", arms: [Arm(name: "a", weight: 1), Arm(name: "b", weight: 1)])
      _ = try? book.take(.create(draft), of: draft.name, ExperimentBook.Signature(who: "\(number)", why: "test"))
    }
    #expect(try site.system.openExperiments().experiments.count == 9)
    #expect(try book.history().compactMap(\.revision) == Array(1...8))
    try site.close()
  }

  @Test("an arm that breaks a guardrail stops itself, and the history says why")
  func guardrail() throws {
    let site = try Site()
    let book = ExperimentBook(site.system)
    #expect(try site.call(.post, "/admin/experiments", creation).status == 201)
    try book.take(.start(share: 1), of: "price", ExperimentBook.Signature(who: "ann", why: "go"))
    let watch = GuardrailWatch(site.system, logger: Logger(label: "test"))
    try watch.step()
    #expect(try site.system.openExperiments().experiment("price")?.status == .running)
    let now = WallClock.now()
    try site.system.log.append(
      (0..<1200).map { number in
        let json = """
          {"user":"u\(number)","experiments":{"price":"\(number % 2 == 0 ? "a" : "b")"},"slots":2,"latency_ms":1,
           "candidates":\(number % 2 == 0 ? "[{},{}]" : "[]")}
          """
        return Event(kind: .decision, time: now, received: now, payload: Array(json.utf8))
      })
    try site.system.catchUp()
    try watch.step()
    #expect(try site.system.openExperiments().experiment("price")?.status == .stopped, "its only treatment")
    let last = try #require(try book.history(of: "price").last)
    #expect(last.action == "stop_arm" && last.who == "guardrail")
    #expect(last.why.hasPrefix("guardrail fill: 0 against 1.000 of the control"), "\(last.why)")
    try watch.step()
    #expect(try book.history(of: "price").count == 3)

    // What carries the name of an earlier experiment doesn't count for one that takes it again.
    #expect(try site.call(.put, "/admin/experiments", #"{"experiments":[]}"#).status == 200)
    #expect(try site.call(.post, "/admin/experiments", creation).status == 201)
    let again = try book.take(.start(share: 1), of: "price", ExperimentBook.Signature(who: "ann", why: "again"))
    #expect(again.since != nil)
    try site.close()
  }
}
