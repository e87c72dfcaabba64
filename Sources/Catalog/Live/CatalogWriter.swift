import Foundation

/// The one who changes the catalog of a folder while it is served: durable first, then visible.
///
/// Not thread-safe, apart from ``Merge``.
public final class CatalogWriter {
  /// The ads with every change that was made.
  public private(set) var catalog: LiveCatalog
  private let folder: CatalogFolder
  private var stamp: FileStamp?
  private var journal: Journal
  /// Changes since the merge under way began; `nil` when there is none.
  private var tail: [CatalogChange]?

  /// Changes since the snapshot after which a merge is due, for a catalog of `count` ads: the cost of a merge is spread over
  /// a share of the catalog, and requests never look at more than a few thousand groups of changed ads.
  public static func mergeChangeCount(adCount: Int) -> Int { min(max(4_096, adCount / 16), 65_536) }

  /// Opens the catalog of a folder, with its journal.
  public init(_ folder: CatalogFolder) throws(CatalogError) {
    self.folder = folder
    CatalogFile.removeAbandonedDrafts(beside: folder.file)
    stamp = FileStamp(folder.file)
    catalog = try folder.open()
    journal = try Journal(folder.journal(catalog.base.version))
  }

  /// Whether another process has replaced the file.
  public var isReplaced: Bool { FileStamp(folder.file) != stamp }

  /// Makes changes durable, then visible in ``catalog``.
  ///
  /// - parameter changed: ``catalog`` after the changes, which were applied one by one.
  /// - throws: ``CatalogError``, and then nothing has changed: of code `replacedFile` when another process has imported a
  ///   catalog, so that this writer is out of use.
  public func commit(_ changes: [CatalogChange], _ changed: LiveCatalog) throws(CatalogError) {
    try folder.whileUnreplaced(stamp) { () throws(CatalogError) in try journal.append(changes) }
    tail? += changes
    catalog = changed
  }

  /// Begins to merge the changes so far into a new file; changes may go on meanwhile. A merge begun before is given up.
  public func beginMerge() -> Merge {
    tail = []
    return Merge(folder: folder, catalog: catalog)
  }

  /// Lets the merged file be the catalog, and follow it with a journal of the changes made meanwhile.
  ///
  /// - throws: ``CatalogError`` as ``commit(_:_:)`` does; the old file and its journal stay.
  public func finish(_ merged: Merge.Result) throws(CatalogError) {
    var changed = LiveCatalog(merged.snapshot)
    let url = folder.journal(merged.snapshot.version)
    let tail = tail ?? []
    do throws(CatalogError) {
      for change in tail { try changed.apply(change) }
      (stamp, journal) = try folder.whileUnreplaced(stamp) { () throws(CatalogError) in
        try Journal.write(tail, to: url)
        try CatalogFile.publish(merged.draft, as: folder.file)
        folder.removeJournals(except: merged.snapshot.version)
        return (FileStamp(folder.file), try Journal(url))
      }
    } catch {
      merged.discard()
      throw error
    }
    catalog = changed
    self.tail = nil
  }

  /// The long part of a merge, for a thread of its own.
  public struct Merge: Sendable {
    fileprivate let folder: CatalogFolder
    fileprivate let catalog: LiveCatalog

    /// A new file beside the old one, and the snapshot in it.
    public struct Result: Sendable {
      public let snapshot: CatalogSnapshot
      fileprivate let draft: URL

      /// Removes the file of a merge that has become useless.
      public func discard() {
        unlink(draft.path)
      }
    }

    /// Writes the merged catalog to the disk, in a second or so for a million ads.
    public func run() throws(CatalogError) -> Result {
      let draft = try CatalogFile.draft(catalog.merged(), beside: folder.file)
      return Result(snapshot: try CatalogFile.open(draft), draft: draft)
    }
  }
}
