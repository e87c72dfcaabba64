import Catalog
import Features

extension CrossColumn {
  /// The crosses of the context with `adFields`, and the code of each catalog row.
  static func build(
    adFields: [Int], model: Model, rowCount: Int, numbers: AdValueNumbers
  ) -> (column: CrossColumn, codes: [UInt32]) {
    let patterns = model.patterns.filter { $0.template.ad == adFields && !$0.template.context.isEmpty }
    var keys = KeyIndex(width: adFields.count)
    for pattern in patterns {
      for index in pattern.weights.indices { _ = keys.intern(pattern.key(index).suffix(adFields.count)) }
    }
    var codes = numbers.map(adFields, rowCount: rowCount, index: keys, missing: UInt32(keys.count))
    let coding = Coding(keyOfRow: codes, keyCount: keys.count)
    for row in codes.indices { codes[row] = Int(codes[row]) == keys.count ? 0 : coding.codeOfKey[Int(codes[row])] }
    let lists = patterns.map { CodeLists($0, keys, coding) }
    let bucketing = Bucketing(coding: coding, lists: lists)
    let column = CrossColumn(
      adFields: adFields, terms: lists.map { $0.term(bucketing) }, bucketCount: bucketing.count,
      usedBucketCount: bucketing.usedCount, bucketOfCode: bucketing.bucketOfCode, isShared: bucketing.isShared,
      keys: keys,
      codeOfKey: coding.codeOfKey)
    return (column, codes)
  }

  /// Codes for all keys, first for those that some ad has.
  private struct Coding {
    private(set) var codeOfKey: [UInt32]
    /// Ads of each used code.
    private(set) var adCounts: [Int]
    var count: Int { codeOfKey.count + 1 }

    /// - parameter keyOfRow: the key of each row, `keyCount` for rows without.
    init(keyOfRow: [UInt32], keyCount: Int) {
      var counts = [Int](repeating: 0, count: keyCount + 1)
      for key in keyOfRow { counts[Int(key)] += 1 }
      codeOfKey = Array(repeating: 0, count: keyCount)
      adCounts = [counts[keyCount]]
      for key in 0..<keyCount where counts[key] > 0 {
        codeOfKey[key] = UInt32(adCounts.count)
        adCounts.append(counts[key])
      }
      var next = UInt32(adCounts.count)
      for key in 0..<keyCount where counts[key] == 0 {
        codeOfKey[key] = next
        next += 1
      }
    }
  }

  /// The weights of one pattern, list by list, by code.
  private struct CodeLists {
    let contextFields: [Int]
    private(set) var index: KeyIndex
    private(set) var lists: [[(code: UInt32, weight: Double)]] = []

    init(_ pattern: WeightPattern, _ keys: KeyIndex, _ coding: Coding) {
      contextFields = pattern.template.context
      index = KeyIndex(width: contextFields.count)
      for weight in pattern.weights.indices {
        let key = pattern.key(weight)
        let adKey = key.dropFirst(contextFields.count)
        let list = index.intern(key.prefix(contextFields.count))
        if list == lists.count { lists.append([]) }
        guard let number = keys.number({ adKey[adKey.startIndex + $0] }) else { continue }
        lists[list].append((coding.codeOfKey[number], pattern.weights[weight]))
      }
    }

    func term(_ bucketing: Bucketing) -> CrossTerm {
      var codes = WeightLists<UInt32>()
      var buckets = WeightLists<UInt8>()
      for list in lists {
        for entry in list.sorted(by: { $0.code < $1.code }) { codes.append(entry.code, entry.weight) }
        codes.endList()
        if bucketing.isShared { bucketing.appendMaxima(of: list, to: &buckets) }
      }
      return CrossTerm(contextFields: contextFields, lists: index, codes: codes, buckets: buckets)
    }
  }

  /// Buckets of codes: each its own when they fit. Else used codes of similar mean weight share buckets of about as many ads
  /// as long as there are too many, and all unused ones share the last bucket.
  private struct Bucketing {
    private(set) var bucketOfCode: [UInt8]
    private(set) var count: Int
    private(set) var usedCount: Int
    let isShared: Bool
    private var codeCounts: [Int] = []

    init(coding: Coding, lists: [CodeLists]) {
      let used = coding.adCounts.count
      isShared = coding.count > CrossColumn.bucketCountMax
      guard isShared else {
        bucketOfCode = (0..<coding.count).map { UInt8($0) }
        count = coding.count
        usedCount = used
        return
      }
      let usedMax = CrossColumn.bucketCountMax - (coding.count > used ? 1 : 0)
      bucketOfCode = used <= usedMax ? (0..<used).map { UInt8($0) } : Self.shared(coding, lists, bucketCount: usedMax)
      usedCount = Int(bucketOfCode.max()!) + 1
      bucketOfCode += repeatElement(UInt8(usedCount), count: coding.count - used)
      count = usedCount + (coding.count > used ? 1 : 0)
      codeCounts = Array(repeating: 0, count: count)
      for bucket in bucketOfCode { codeCounts[Int(bucket)] += 1 }
    }

    private static func shared(_ coding: Coding, _ lists: [CodeLists], bucketCount: Int) -> [UInt8] {
      let codeCount = coding.adCounts.count
      var sums = [Double](repeating: 0, count: codeCount)
      for entry in lists.lazy.flatMap({ $0.lists.joined() }) where entry.code < codeCount {
        sums[Int(entry.code)] += max(entry.weight, -Model.Limits.weightMax)
      }
      let order = (0..<codeCount).sorted { sums[$0] > sums[$1] }
      let share = Double(coding.adCounts.reduce(0, +)) / Double(bucketCount) + 1
      var buckets = [UInt8](repeating: 0, count: codeCount)
      var bucket = 0
      var adCount = 0.0
      for code in order {
        if adCount >= share * Double(bucket + 1) { bucket = min(bucket + 1, bucketCount - 1) }
        buckets[code] = UInt8(bucket)
        adCount += Double(coding.adCounts[code])
      }
      return buckets
    }

    func appendMaxima(of list: [(code: UInt32, weight: Double)], to lists: inout WeightLists<UInt8>) {
      var maxima: [UInt8: (weight: Double, codeCount: Int)] = [:]
      for entry in list {
        let bucket = bucketOfCode[Int(entry.code)]
        let known = maxima[bucket] ?? (-.infinity, 0)
        maxima[bucket] = (max(known.weight, entry.weight), known.codeCount + 1)
      }
      for (bucket, maximum) in maxima.sorted(by: { $0.key < $1.key }) {
        let isComplete = maximum.codeCount == codeCounts[Int(bucket)]
        lists.append(bucket, isComplete ? maximum.weight : max(maximum.weight, 0))
      }
      lists.endList()
    }
  }
}
