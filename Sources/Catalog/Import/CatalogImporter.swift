import Foundation

/// Reads ads from NDJSON and CSV, plain or gzip, in memory bounded by the catalog that results.
public enum CatalogImporter {
  /// Lines between two reports of progress.
  static let progressLineCount = 10_000

  /// Reads a file. Its format is told by its name, `.ndjson`, `.jsonl` or `.csv`, plain or with `.gz`; with another
  /// name by its first byte other than space, where `{` begins NDJSON and anything else a CSV header. A pipe is NDJSON.
  ///
  /// - parameter strict: whether one bad line makes the import fail. Otherwise bad lines are left out and reported.
  /// - parameter progress: called now and then and once at the end, on the caller's thread.
  /// - throws: ``CatalogError`` when the file can't be read or its CSV header isn't one of a catalog, and for any bad
  ///   line when `strict`.
  public static func importFile(
    _ url: URL, strict: Bool = false, progress: (ImportProgress) -> Void = { _ in }
  ) throws(CatalogError) -> CatalogImport {
    var builder = CatalogBuilder()
    var rejections = Rejections()
    var lines: any AdLines = try isNDJSON(url) ? NDJSONAdLines(LineReader(url)) : CSVAdLines(url)
    var lineCount = 0
    var unlinkedCount = 0
    while let line = try lines.next() {
      lineCount += 1
      do throws(CatalogError) {
        let ad = try line.ad.get()
        try builder.add(ad)
        if ad.creative.url.isEmpty { unlinkedCount += 1 }
      } catch {
        rejections.add(line: line.number, reason: error.description)
      }
      if lineCount.isMultiple(of: progressLineCount) {
        progress(ImportProgress(lineCount: lineCount, fraction: lines.fraction))
      }
    }
    progress(ImportProgress(lineCount: lineCount, fraction: lines.fraction))
    guard !strict || rejections.count == 0 else {
      throw CatalogError(
        .rejectedImport,
        "\(url.path): \(rejections.summary); nothing was imported. "
          + "Mend them, or import without --strict to leave them out"
      )
    }
    return CatalogImport(snapshot: builder.build(), rejections: rejections, unlinkedCount: unlinkedCount)
  }

  /// The ads in some NDJSON text, or why there is none, with the numbers of their lines. Ids may repeat.
  public static func ads(
    ndjson text: [UInt8]
  ) throws(CatalogError) -> [(line: Int, ad: Result<Ad, CatalogError>)] {
    var ads: [(line: Int, ad: Result<Ad, CatalogError>)] = []
    var lines = NDJSONAdLines(LineReader(text))
    while let line = try lines.next() { ads.append((line.number, line.ad)) }
    return ads
  }

  private static func isNDJSON(_ url: URL) throws(CatalogError) -> Bool {
    let unpacked = url.pathExtension == "gz" ? url.deletingPathExtension() : url
    guard !["ndjson", "jsonl"].contains(unpacked.pathExtension) else { return true }
    guard unpacked.pathExtension != "csv" else { return false }
    guard try OpenFile(reading: url).regularByteCount() != nil else { return true }
    let reader = try LineReader(url)
    while let line = try reader.next() {
      guard case .success(let bytes) = line.bytes else { return false }
      if let first = bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) { return first == UInt8(ascii: "{") }
    }
    return true
  }
}
