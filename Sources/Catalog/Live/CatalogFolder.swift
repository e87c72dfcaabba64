import Foundation

/// The catalog of a data directory: a file, `catalog.adcat`, and the journal of the changes since the file was written.
///
/// A journal is named for the version of the file that it follows, `catalog-VERSION.journal`; one that follows another file
/// isn't looked at. So a file and its journal change places in one rename, and an import drops what was changed before it.
/// Several processes may use one folder: one server that changes ads, and commands that read or import.
public struct CatalogFolder: Sendable {
  /// The file.
  public let file: URL
  private let folder: URL
  private let lock: FileLock

  private static let journalExtension = "journal"

  public init(_ folder: URL) {
    self.folder = folder
    file = folder.appendingPathComponent("catalog.adcat")
    lock = FileLock(url: folder.appendingPathComponent("catalog.lock"))
  }

  /// The ads as of now, with every acknowledged change; empty when there are none.
  ///
  /// - throws: ``CatalogError`` when file or journal can't be read or are damaged.
  public func open() throws(CatalogError) -> LiveCatalog {
    while true {
      let stamp = FileStamp(file)
      var catalog = LiveCatalog(stamp == nil ? .empty : try CatalogFile.open(file))
      let changes = try Journal.read(journal(catalog.base.version)).changes
      // When a server merged the journal into a new file meanwhile, the journal may have gone.
      guard FileStamp(file) == stamp else { continue }
      for change in changes { try catalog.apply(change) }
      return catalog
    }
  }

  /// Lets `snapshot` be the catalog. Changes that were acknowledged before are dropped with the ads they changed.
  public func replace(with snapshot: CatalogSnapshot) throws(CatalogError) {
    let draft = try CatalogFile.draft(snapshot, beside: file)
    try lock.withLock { () throws(CatalogError) in
      unlink(journal(snapshot.version).path)
      try CatalogFile.publish(draft, as: file)
      removeJournals(except: nil)
    }
  }

  /// Copies file and journal, which belong together, into another folder.
  ///
  /// - throws: when something can't be read or written.
  public func copy(to target: URL) throws {
    let files = FileManager.default
    while true {
      let stamp = FileStamp(file)
      for name in try files.contentsOfDirectory(atPath: target.path) where isPart(name) {
        try files.removeItem(at: target.appendingPathComponent(name))
      }
      do {
        for name in try files.contentsOfDirectory(atPath: folder.path) where isPart(name) {
          try files.copyItem(at: folder.appendingPathComponent(name), to: target.appendingPathComponent(name))
        }
      } catch  where FileStamp(file) != stamp { continue }
      // Otherwise a merge has replaced both meanwhile.
      if FileStamp(file) == stamp { return }
    }
  }

  /// Whether a file of the folder belongs to the catalog.
  public func isPart(_ name: String) -> Bool {
    name == file.lastPathComponent || (name.hasPrefix("catalog-") && name.hasSuffix(".\(Self.journalExtension)"))
  }

  /// Calls `body` while no other process replaces the catalog.
  ///
  /// - throws: ``CatalogError`` of code `replacedFile` when the file isn't that of `stamp` any more.
  func whileUnreplaced<Result>(
    _ stamp: FileStamp?, _ body: () throws(CatalogError) -> Result
  ) throws(CatalogError) -> Result {
    try lock.withLock { () throws(CatalogError) in
      guard FileStamp(file) == stamp else {
        throw CatalogError(.replacedFile, "\(file.path): another catalog was imported; try again")
      }
      return try body()
    }
  }

  func journal(_ version: String) -> URL {
    folder.appendingPathComponent("catalog-\(version)").appendingPathExtension(Self.journalExtension)
  }

  /// Removes the journals of files that are gone.
  func removeJournals(except version: String?) {
    let kept = version.map { journal($0).lastPathComponent }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where isPart(name) && name != kept && name != file.lastPathComponent {
      unlink(folder.appendingPathComponent(name).path)
    }
  }
}
