import Foundation
import Testing

@testable import Catalog

@Suite("Catalog file")
struct CatalogFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var file: URL { folder.url.appendingPathComponent("catalog.adcat") }

  @Test("what was written is opened again", arguments: [0, 1, 2, 63, 300])
  func roundTrip(count: Int) throws {
    let snapshot = try randomCatalog(seed: UInt64(count), count: count)
    try CatalogFile.write(snapshot, to: file)
    let opened = try CatalogFile.open(file)
    #expect(opened.version == snapshot.version)
    #expect((0..<count).allSatisfy { opened.ad($0) == snapshot.ad($0) })
    #expect(opened.count == count)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["catalog.adcat"])
  }

  @Test("a snapshot stays good when its file is replaced and removed")
  func replacement() throws {
    try CatalogFile.write(try randomCatalog(seed: 1, count: 50), to: file)
    let first = try CatalogFile.open(file)
    let ads = (0..<first.count).map(first.ad)
    try CatalogFile.write(try randomCatalog(seed: 2, count: 5), to: file)
    #expect(try CatalogFile.open(file).count == 5)
    try FileManager.default.removeItem(at: file)
    #expect((0..<first.count).map(first.ad) == ads)
  }

  @Test("a file cut at or around any section's bounds is damaged and says what to do")
  func truncation() throws {
    try CatalogFile.write(try randomCatalog(seed: 3, count: 40), to: file)
    let whole = try Data(contentsOf: file)
    let bounds = try sectionBounds(whole) + [0, 8, 16, CatalogFile.headerByteCount]
    for bound in Set(bounds.flatMap { [$0 - 1, $0, $0 + 1] }) where (0..<whole.count).contains(bound) {
      try whole.prefix(bound).write(to: file)
      let error = #expect(throws: CatalogError.self, "cut at \(bound)") { try CatalogFile.open(file) }
      #expect(error?.code == (1..<8 ~= bound ? .foreignFile : .damagedFile), "cut at \(bound)")
      #expect(error?.description.contains("import the ads again") == true)
    }
  }

  @Test("a changed byte in the header or in any section is found")
  func alteration() throws {
    try CatalogFile.write(try randomCatalog(seed: 4, count: 40), to: file)
    let whole = try Data(contentsOf: file)
    for offset in try sectionBounds(whole).map({ $0 - 1 }) + Array(8..<CatalogFile.headerByteCount) {
      var altered = whole
      altered[offset] ^= 0x10
      try altered.write(to: file)
      let error = #expect(throws: CatalogError.self, "byte \(offset)") { try CatalogFile.open(file) }
      #expect(error?.code == (8..<12 ~= offset ? .foreignFile : .damagedFile), "byte \(offset)")
    }
  }

  @Test("something behind the last section is damage")
  func trailingBytes() throws {
    try CatalogFile.write(try randomCatalog(seed: 5, count: 4), to: file)
    try (try Data(contentsOf: file) + Data([0])).write(to: file)
    #expect(throws: CatalogError.self) { try CatalogFile.open(file) }
  }

  @Test("another kind of file is foreign, a missing one inaccessible")
  func foreign() throws {
    try Data("id,bid\na,1\n".utf8).write(to: file)
    #expect(#expect(throws: CatalogError.self) { try CatalogFile.open(file) }?.code == .foreignFile)
    let missing = folder.url.appendingPathComponent("missing")
    #expect(#expect(throws: CatalogError.self) { try CatalogFile.open(missing) }?.code == .inaccessibleFile)
    let unwritable = missing.appendingPathComponent("catalog.adcat")
    #expect(
      #expect(throws: CatalogError.self) { try CatalogFile.write(.empty, to: unwritable) }?.code == .inaccessibleFile)
  }

  @Test("sections that contradict each other are refused though their checksums are right")
  func contradictions() throws {
    let snapshot = try randomCatalog(seed: 6, count: 10)
    for kind in SectionKind.allCases {
      let sections = Sections { $0 == kind ? Section([UInt8](repeating: 0xEE, count: 80)) : snapshot.sections[$0] }
      if kind == .identifierBytes || kind == .creativeBytes || kind == .bids {
        _ = try? CatalogSnapshot(sections)
      } else {
        #expect(throws: CatalogError.self, "\(kind)") { try CatalogSnapshot(sections) }
      }
    }
  }

  /// Where each section ends, from the file's own table.
  private func sectionBounds(_ whole: Data) throws -> [Int] {
    (0..<SectionKind.allCases.count).flatMap { index in
      let entry = 16 + CatalogFile.entryByteCount * index
      let numbers = [8, 16].map { offset in
        (0..<8).reduce(0) { $0 | Int(whole[entry + offset + $1]) << (8 * $1) }
      }
      return numbers[1] == 0 ? [] : [numbers[0] + numbers[1]]
    }
  }
}
