import CRanking
import Ranking
import Statistics
import Testing

@Suite("A scan kernel")
struct KernelTests {
  private static let levels: [adloop_simd] = [ADLOOP_SIMD_AVX2, ADLOOP_SIMD_AVX512, ADLOOP_SIMD_NEON].filter {
    adloop_simd_is_available($0)
  }

  @Test("finds the same ads as the portable one, for every number of groups and columns and every place to stop")
  func equalsPortable() {
    for seed in 0..<400 as Range<UInt64> {
      let input = KernelInput(seed: seed)
      for isPruned in [true, false] {
        let expected = input.hits(ADLOOP_SIMD_PORTABLE, isPruned: isPruned)
        for level in Self.levels {
          let found = input.hits(level, isPruned: isPruned)
          #expect(found == expected, "seed \(seed), level \(level.rawValue), pruned \(isPruned)")
        }
      }
    }
  }

  @Test("finds exactly the ads whose deficits fit the budget")
  func equalsPlainLoop() {
    for seed in 0..<100 as Range<UInt64> {
      let input = KernelInput(seed: seed)
      #expect(input.hits(ADLOOP_SIMD_PORTABLE, isPruned: false).places == input.plainHits(), "seed \(seed)")
    }
  }

  @Test("rounds deficits down and never lets −∞ pass")
  func quantize() {
    let values = [1.0, 0.51, 0.5, 0.49, -.infinity, -1e300, 1.0]
    var deficits = [UInt8](repeating: 7, count: values.count)
    adloop_quantize(values, values.count, 1, 4, &deficits)
    #expect(deficits == [0, 1, 2, 2, 255, 255, 0])
  }
}

/// Random tables and codes for a scan.
private struct KernelInput {
  private let groupCount: Int
  private let codeLimits: [Int]
  private let codes: Aligned
  private let groupCodes: Aligned
  private let tables: Aligned
  private let groupMaxima: [Float]
  private let headroom: Double
  private let capacity: Int

  struct Hits: Equatable {
    var places: [UInt32] = []
    var scannedCounts: [Int] = []
  }

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    groupCount = [0, 1, 2, 63, 64, 65, 127, 128, 129, Int.random(in: 1...300, using: &generator)].randomElement(
      using: &generator)!
    let columnCount = Int.random(in: 1...9, using: &generator)
    codeLimits = (0..<columnCount).map { _ in [1, 16, 17, 64, 65, 128, 129, 256].randomElement(using: &generator)! }
      .sorted()
    codes = Aligned(count: groupCount * columnCount * 64)
    groupCodes = Aligned(count: (groupCount + 63) / 64 * columnCount * 64)
    tables = Aligned(count: columnCount * 256)
    for index in codes.bytes.indices {
      codes.bytes[index] = Self.code(codeLimits[index / 64 % columnCount], &generator)
    }
    for index in groupCodes.bytes.indices {
      groupCodes.bytes[index] = Self.code(codeLimits[index / 64 % columnCount], &generator)
    }
    for index in tables.bytes.indices {
      tables.bytes[index] = generator.nextUniform() < 0.05 ? 255 : UInt8.random(in: 0...80, using: &generator)
    }
    groupMaxima = (0..<groupCount).map { _ in Float(generator.nextNormal()) }.sorted(by: >)
    headroom = generator.nextNormal() * 2
    capacity = [64, 65, 100, 128, 500].randomElement(using: &generator)!
  }

  func hits(_ level: adloop_simd, isPruned: Bool) -> Hits {
    var scan = scan(isPruned: isPruned)
    return groupMaxima.withUnsafeBufferPointer { maxima in
      scan.group_max = maxima.baseAddress
      var hits = Hits()
      var group = 0
      var buffer = [UInt32](repeating: 0, count: capacity)
      while group < groupCount {
        let progress = adloop_scan_groups(level, &scan, group, &buffer, capacity)
        hits.places += buffer.prefix(progress.hit_count)
        hits.scannedCounts.append(progress.scanned_count)
        group = progress.next_group
      }
      return hits
    }
  }

  func plainHits() -> [UInt32] {
    (0..<groupCount * 64).filter { place in
      let budget = min(((Double(groupMaxima[place / 64]) + headroom) * 30).rounded(.down), 254)
      let deficits = codeLimits.indices.map { column in
        Int(tables.bytes[256 * column + Int(codes.bytes[(place / 64 * codeLimits.count + column) * 64 + place % 64])])
      }
      return Double(deficits.reduce(0, +)) <= budget
    }.map(UInt32.init)
  }

  private func scan(isPruned: Bool) -> adloop_scan {
    var scan = adloop_scan()
    scan.codes = UnsafePointer(codes.bytes.baseAddress)
    scan.group_codes = UnsafePointer(groupCodes.bytes.baseAddress)
    scan.tables = UnsafePointer(tables.bytes.baseAddress)
    scan.group_count = groupCount
    scan.column_count = UInt32(codeLimits.count)
    scan.narrow_count = UInt32(codeLimits.count { $0 <= 64 })
    scan.middle_count = UInt32(codeLimits.count { $0 <= 128 })
    scan.is_pruned = isPruned
    scan.headroom = headroom
    scan.steps_per_unit = 30
    return scan
  }

  private static func code(_ limit: Int, _ generator: inout SeededGenerator) -> UInt8 {
    UInt8(Int.random(in: 0..<limit, using: &generator))
  }
}

/// Bytes on a cache line.
private final class Aligned {
  let bytes: UnsafeMutableBufferPointer<UInt8>

  init(count: Int) {
    bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64).bindMemory(to: UInt8.self)
    bytes.initialize(repeating: 0)
  }

  deinit { bytes.deallocate() }
}
