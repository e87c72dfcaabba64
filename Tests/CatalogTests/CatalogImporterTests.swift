import Catalog
import Foundation
import Testing

@Suite("Catalog import")
struct CatalogImporterTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a line of the contract becomes an ad, and numbers and truth values keep their text")
  func line() throws {
    let ad = try importNDJSON(
      #"{"id":"a","bid":1.50,"status":"paused","attributes":{"price":12.50,"sku":12345678901234567890,"new":true,"#
        + #""x":null,"y":""},"targeting":{"country":["DE","AT"],"age":[30]},"budget":{"daily":5,"campaign":"c"},"#
        + #""creative":{"title":"T \u00e9 \ud83d\ude42","image":"/i.png","url":"https://a.example/"}}"#
    ).snapshot.ad(0)
    #expect(
      ad
        == Ad(
          id: "a", bid: 1.5, status: .paused,
          attributes: ["price": "12.50", "sku": "12345678901234567890", "new": "true"],
          targeting: ["country": ["AT", "DE"], "age": ["30"]], budget: Budget(daily: 5, campaign: "c"),
          creative: Creative(title: "T é 🙂", image: "/i.png", url: "https://a.example/")))
  }

  @Test(
    "a bad line is left out with its number and its reason",
    arguments: [
      (#"{"bid":1}"#, "the id is missing"), (#"{"id":"","bid":1}"#, "the id is missing"),
      (#"{"id":3,"bid":1}"#, "the id must be a text, not a number"), (#"{"id":"x"}"#, "the bid is missing"),
      (#"{"id":"a\n","bid":1}"#, "control character"),
      (#"{"id":"x","bid":"1"}"#, "the bid must be a number, not a text"),
      (#"{"id":"x","bid":-0.01}"#, "the bid is -0.01"), (#"{"id":"x","bid":1e999}"#, "the bid is inf"),
      (#"{"id":"x","bid":null}"#, "the bid must be a number, not null"),
      (#"{"id":"x","bid":1,"status":"on"}"#, "the status is 'on'; it must be active or paused"),
      (#"{"id":"x","bid":1,"color":"red"}"#, "the key 'color' is unknown"),
      (#"{"id":"x","bid":1,"bid":2}"#, "the member 'bid' appears twice"),
      (#"{"id":"x","bid":1,"attributes":{"a":[1]}}"#, "the attribute 'a' must be"),
      (#"{"id":"x","bid":1,"attributes":{"":"v"}}"#, "the name of an attribute is empty"),
      (#"{"id":"x","bid":1,"attributes":[]}"#, "attributes must be an object, not an array"),
      (#"{"id":"x","bid":1,"targeting":{"country":[]}}"#, "targeting of 'country' has 0 values"),
      (#"{"id":"x","bid":1,"targeting":{"country":"DE"}}"#, "must be an array of texts"),
      (#"{"id":"x","bid":1,"targeting":{"country":{}}}"#, "must be an array of texts"),
      (#"{"id":"x","bid":1,"targeting":{"country":{"nor":["DE"]}}}"#, "the key 'nor' in the targeting of 'country'"),
      (#"{"id":"x","bid":1,"targeting":{"country":{"not":[]}}}"#, "leave 'not' out"),
      (#"{"id":"x","bid":1,"targeting":{"schedule":[{"days":["monday"]}]}}"#, "the day 'monday' is unknown"),
      (#"{"id":"x","bid":1,"targeting":{"schedule":[{"days":[]}]}}"#, "has no days"),
      (#"{"id":"x","bid":1,"targeting":{"schedule":[{"from":"8:00"}]}}"#, "'from' of the schedule is '8:00'"),
      (#"{"id":"x","bid":1,"targeting":{"schedule":[{"from":"08:00","to":"08:00"}]}}"#, "is empty"),
      (#"{"id":"x","bid":1,"targeting":{"schedule":[{"to":"24:01"}]}}"#, "'to' of the schedule is '24:01'"),
      (#"{"id":"x","bid":1,"targeting":{"schedule":[{"zone":"Mars/Base"}]}}"#, "the time zone 'Mars/Base' is unknown"),
      (#"{"id":"x","bid":1,"targeting":{"schedule":[{"until":"12:00"}]}}"#, "the key 'until' of the schedule"),
      (#"{"id":"x","bid":1,"targeting":{"country":[""]}}"#, "a targeting value of 'country' is empty"),
      (#"{"id":"x","bid":1,"budget":{"daily":-1}}"#, "the daily budget is -1.0"),
      (#"{"id":"x","bid":1,"budget":{"billing":"cpa"}}"#, "the budget's billing is 'cpa'; it must be cpc or cpm"),
      (#"{"id":"x","bid":1,"budget":{"frequency_cap":{"impressions":3}}}"#, "3 impressions in 0 seconds"),
      (#"{"id":"x","bid":1,"budget":{"weekly":1}}"#, "the key 'weekly' of the budget is unknown"),
      (#"{"id":"x","bid":1,"creative":{"link":"x"}}"#, "the key 'link' of the creative is unknown"),
      (#"{"id":"x","bid":1,"creative":{"url":"javascript:alert(1)"}}"#, "the url must begin with http://"),
      (#"{"id":"x","bid":1,"creative":{"url":"http:///path"}}"#, "name a host"),
      (#"{"id":"x","bid":1,"creative":{"url":"//a.example"}}"#, "the url must begin with http://"),
      (#"{"id":"x","bid":1,"creative":{"url":"https://a.example/\r\nX: y"}}"#, "a control"),
      (#"{"id":"x","bid":1,"creative":{"image":"data:image/svg+xml,x"}}"#, "the image's address must be relative"),
      (#"{"id":"dup","bid":2}"#, "the id 'dup' appears twice"), (#"{"id":"x","bid":1"#, "not JSON"),
      ("nonsense", "not JSON"),
      (#"[{"id":"x","bid":1}]"#, "the ad must be an object, not an array"), (#"{"id":"x","bid":01}"#, "not JSON"),
    ])
  func badLines(line: String, reason: String) throws {
    let text = "{\"id\":\"dup\",\"bid\":1}\n\n\(line)\n{\"id\":\"good\",\"bid\":0}"
    let result = try importNDJSON(text)
    #expect(result.acceptedCount == 2)
    #expect(result.rejections.count == 1)
    #expect(result.rejections.first.first?.line == 3)
    #expect(result.rejections.first.first?.reason.contains(reason) == true, "\(result.rejections)")
    let strict = #expect(throws: CatalogError.self) { try importNDJSON(text, strict: true) }
    #expect(strict?.code == .rejectedImport)
    #expect(strict?.description.contains("line 3") == true)
  }

  @Test("every limit of an ad turns away what is one beyond it, and only that")
  func limits() throws {
    func isValid(_ change: (inout Ad) -> Void) -> Bool {
      var ad = Ad(id: "a", bid: 1)
      change(&ad)
      return (try? ad.validate()) != nil
    }
    func text(_ count: Int) -> String { String(repeating: "x", count: count) }
    for extra in [0, 1] {
      let isExpected = extra == 0
      #expect(isValid { $0.id = text(Ad.Limits.idByteCountMax + extra) } == isExpected)
      #expect(isValid { $0.attributes[text(Ad.Limits.nameByteCountMax + extra)] = "v" } == isExpected)
      #expect(isValid { $0.attributes["a"] = text(Ad.Limits.valueByteCountMax + extra) } == isExpected)
      #expect(isValid { $0.targeting["a"] = [text(Ad.Limits.valueByteCountMax + extra)] } == isExpected)
      #expect(isValid { $0.budget = Budget(campaign: text(Ad.Limits.nameByteCountMax + extra)) } == isExpected)
      #expect(isValid { $0.creative.title = text(Ad.Limits.creativeByteCountMax + extra) } == isExpected)
      #expect(isValid { $0.creative.image = text(Ad.Limits.creativeByteCountMax + extra) } == isExpected)
      #expect(isValid { $0.creative.url = "http://" + text(Ad.Limits.creativeByteCountMax - 7 + extra) } == isExpected)
      let attributes = (0..<Ad.Limits.attributeCountMax + extra).map { ("\($0)", "v") }
      #expect(isValid { $0.attributes = Dictionary(uniqueKeysWithValues: attributes) } == isExpected)
      let fields = (0..<Ad.Limits.targetedFieldCountMax + extra).map { ("\($0)", ["v"]) }
      #expect(isValid { $0.targeting.allowed = Dictionary(uniqueKeysWithValues: fields) } == isExpected)
      let values = (0..<Ad.Limits.targetedValueCountMax + extra).map(String.init)
      #expect(isValid { $0.targeting["f"] = values } == isExpected)
    }
  }

  @Test("rejections are all counted, but only the first ones kept")
  func boundedRejections() throws {
    let count = Rejections.keptCountMax + 5
    let result = try importNDJSON(String(repeating: "x\n", count: count))
    #expect(result.rejections.count == count)
    #expect(result.rejections.first.map(\.line) == Array(1...Rejections.keptCountMax))
  }

  @Test("CSV columns besides the contract's are attributes, empty fields say nothing")
  func csv() throws {
    let file = try folder.write(
      "\u{FEFF}id,bid,status,category,price,budget,targeting.country,targeting.device,title,image,url\r\n"
        + "a,1.5,active,\"shoes, red\",9.90,20,DE|AT,,\"Say \"\"hi\"\"\nnow\",/i.png,https://a.example/\r\n"
        + "b,0,,,,\"{\"\"total\"\":7}\",,,,,\r\n", to: "ads.csv")
    let catalog = try CatalogImporter.importFile(file, strict: true).snapshot
    #expect(
      catalog.ad(0)
        == Ad(
          id: "a", bid: 1.5, attributes: ["category": "shoes, red", "price": "9.90"],
          targeting: ["country": ["AT", "DE"]], budget: Budget(daily: 20),
          creative: Creative(title: "Say \"hi\"\nnow", image: "/i.png", url: "https://a.example/")))
    #expect(catalog.ad(1) == Ad(id: "b", bid: 0, budget: Budget(total: 7)))
  }

  @Test(
    "a bad CSV record is left out with the line it begins on",
    arguments: [
      ("x,1", "2 fields instead of 4"), ("x,1,a,b,c", "5 fields instead of 4"), (",1,,b", "the id is missing"),
      ("x,,,b", "the bid is missing"), ("x,cheap,a,b", "the bid is 'cheap'"), ("x,nan,a,b", "the bid is 'nan'"),
      ("x,inf,,b", "the bid is inf"), ("x,1,lots,b", "the budget is 'lots'"), ("x,1,{,b", "the budget is not JSON"),
      ("x,1,,a||b", "a targeting value of 'c' is empty"), ("x,1,\"a\"b,c", "something follows a closing quote"),
      ("x,1,a\"b,c", "a quote within a field"),
    ])
  func badRecords(record: String, reason: String) throws {
    let file = try folder.write("id,bid,budget,targeting.c\n\"g\",1,,\"a\nb\"\n\(record)\nh,1,,\n", to: "ads.csv")
    let text = try CatalogImporter.importFile(file).rejections
    #expect(text.count == 2)
    #expect(text.first.map(\.line) == [2, 4])
    #expect(text.first.last?.reason.contains(reason) == true, "\(text)")
  }

  @Test(
    "a CSV header that isn't a catalog's is an error of the file",
    arguments: [
      ("", "no column 'id'"), ("bid,x\n", "no column 'id'"), ("id,x\n", "no column 'bid'"),
      ("id,bid,x,x\n", "'x' appears twice"), ("id,bid,\n", "column 3 has no name"),
      ("id,bid,targeting.\n", "column 3 has no name"), ("id,b\"id\n", "a quote within"),
    ])
  func badHeaders(header: String, reason: String) throws {
    let file = try folder.write(header, to: "ads.csv")
    let error = #expect(throws: CatalogError.self) { try CatalogImporter.importFile(file) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("ads.csv") == true)
  }

  @Test(
    "the format is told by the name, else by the first byte",
    arguments: [
      ("ads.txt", " {\"id\":\"a\",\"bid\":1}\n"), ("ads.txt", "id,bid\na,1\n"),
      ("ads.jsonl", "{\"id\":\"a\",\"bid\":1}"),
      ("ads", "\n\nbid,id\n1,a"),
    ])
  func formats(name: String, text: String) throws {
    #expect(try CatalogImporter.importFile(try folder.write(text, to: name)).snapshot.id(0) == "a")
  }

  @Test("progress ends with every line and the whole file")
  func progress() throws {
    let text = (0..<25_000).map { "{\"id\":\"\($0)\",\"bid\":1}\n" }.joined()
    let file = try folder.write(text, to: "ads.ndjson")
    var reports: [ImportProgress] = []
    _ = try CatalogImporter.importFile(file) { reports.append($0) }
    #expect(reports.map(\.lineCount) == [10_000, 20_000, 25_000])
    #expect(reports.last?.fraction == 1)
  }

  @Test("NDJSON in memory gives its ads, and the reasons of bad lines, by line")
  func memory() throws {
    let text = "{\"id\":\"b\",\"bid\":1}\n{\"id\":\"a\"}\n\n{\"id\":\"a\",\"bid\":1}"
    let lines = try CatalogImporter.ads(ndjson: Array(text.utf8))
    #expect(lines.map(\.line) == [1, 2, 4])
    #expect(lines.map { (try? $0.ad.get())?.id } == ["b", nil, "a"])
  }

  @Test(
    "what is exported imports to the same catalog, and exports to the same bytes", arguments: 0..<10 as Range<UInt64>)
  func exportRoundTrip(seed: UInt64) throws {
    let catalog = try randomCatalog(seed: seed, count: 150)
    let bytes = export(catalog)
    let file = try folder.write(Data(bytes), to: "ads.ndjson")
    let imported = try CatalogImporter.importFile(file, strict: true).snapshot
    #expect(imported.version == catalog.version, "seed \(seed)")
    #expect(export(imported) == bytes)
    let ids = bytes.split(separator: 0x0A).map { try? Ad(json: JSONValue(parsing: $0)).id }
    #expect(ids == (0..<catalog.count).map(catalog.id))
  }

  @Test("an exported line has the contract's keys in their order")
  func exportedLine() throws {
    var ad = Ad(id: "a\u{1}\"", bid: 0.1)
    #expect(
      String(decoding: ad.json, as: UTF8.self) == #"{"id":"a\u0001\"","bid":0.1,"status":"active","attributes":{}}"#)
    ad = Ad(
      id: "a", bid: 2, status: .paused, attributes: ["b": "1", "a": "é", "c": ""],
      targeting: ["z": ["1"], "y": ["2", "3"]],
      budget: Budget(
        daily: 1, total: 2.5, campaign: "c", billing: .cpm, pacing: .even,
        frequencyCap: Budget.FrequencyCap(impressions: 3, seconds: 60)),
      creative: Creative(title: "t", image: "i", url: "http://u"))
    #expect(
      String(decoding: ad.json, as: UTF8.self)
        == #"{"id":"a","bid":2.0,"status":"paused","attributes":{"a":"é","b":"1"},"#
        + #""targeting":{"y":["2","3"],"z":["1"]},"budget":{"daily":1.0,"total":2.5,"campaign":"c","#
        + #""billing":"cpm","pacing":"even","frequency_cap":{"impressions":3,"seconds":60}},"#
        + #""creative":{"title":"t","image":"i","url":"http://u"}}"#)
  }

  @Test("a merge changes what it mentions, null removes, the rest stays")
  func merge() throws {
    var ad = Ad(
      id: "a", bid: 1, attributes: ["x": "1", "y": "2"], targeting: ["country": ["DE"], "page": ["news"]],
      budget: Budget(daily: 1, total: 9), creative: Creative(title: "t", url: "http://u"))
    let patch =
      #"{"bid":2,"attributes":{"x":null,"z":3},"targeting":{"country":null},"budget":{"total":null},"creative":{"title":"n"}}"#
    try ad.merge(JSONValue(parsing: Array(patch.utf8)[...]))
    #expect(
      ad
        == Ad(
          id: "a", bid: 2, attributes: ["y": "2", "z": "3"], targeting: ["page": ["news"]], budget: Budget(daily: 1),
          creative: Creative(title: "n", url: "http://u")))
    let clearing = #"{"attributes":null,"targeting":null,"budget":null,"creative":null,"status":null}"#
    try ad.merge(JSONValue(parsing: Array(clearing.utf8)[...]))
    #expect(ad == Ad(id: "a", bid: 2))
  }

  private func importNDJSON(_ text: String, strict: Bool = false) throws -> CatalogImport {
    try CatalogImporter.importFile(try folder.write(text, to: "ads.ndjson"), strict: strict)
  }

  private func export(_ catalog: CatalogSnapshot) -> [UInt8] {
    var bytes: [UInt8] = []
    catalog.exportNDJSON { bytes += $0 }
    return bytes
  }
}
