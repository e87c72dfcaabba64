import Events
import Foundation
import GRDB

/// The SQL of the join, prepared once a connection. Inserts say whether the identity was new.
struct JoinStatements {
  let db: Database
  private let insertImpression, findImpression, openImpression, closeThrough,
    forgetThrough: Statement
  private let insertClick, findOrphanClick, settleClick, isOpen, markClicked: Statement
  private let insertConversion, findOrphanConversions, settleConversion: Statement
  private let insertExample, insertControl, firstOpen: Statement

  init(_ db: Database) throws {
    func prepare(_ sql: String) throws -> Statement { try db.cachedStatement(sql: sql) }
    self.db = db
    insertImpression = try prepare(
      """
      INSERT INTO impression (id, decision, slot, time_ms, received_ms, served_ms, user, ad, model, objective,
        experiments, context, attributes, ctr, bid, price, propensity, traffic)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """)
    findImpression = try prepare(
      "SELECT id, time_ms FROM impression WHERE decision = ? AND slot = ?")
    openImpression = try prepare(
      "INSERT INTO open_impression (id, time_ms, received_ms, clicked) VALUES (?, ?, ?, 0)")
    closeThrough = try prepare(
      "INSERT INTO example (impression_id, label) SELECT id, clicked FROM open_impression WHERE id <= ? ORDER BY id"
    )
    forgetThrough = try prepare("DELETE FROM open_impression WHERE id <= ?")
    insertClick = try prepare(
      """
      INSERT INTO click (id, impression_id, decision, slot, time_ms, received_ms, user, ad, model, experiments, price,
        fate, traffic) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """)
    findOrphanClick = try prepare(
      "SELECT id, time_ms, received_ms FROM click WHERE impression_id IS NULL AND decision = ? AND slot = ?"
    )
    settleClick = try prepare("UPDATE click SET impression_id = ?, fate = ? WHERE id = ?")
    isOpen = try prepare("SELECT 1 FROM open_impression WHERE id = ?")
    markClicked = try prepare("UPDATE open_impression SET clicked = 1 WHERE id = ?")
    insertConversion = try prepare(
      """
      INSERT INTO conversion (id, impression_id, decision, slot, conversion_id, value, time_ms, received_ms, user, ad,
        fate, traffic) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """)
    findOrphanConversions = try prepare(
      """
      SELECT id, time_ms, received_ms FROM conversion WHERE impression_id IS NULL AND decision = ? AND slot = ?
      ORDER BY id
      """)
    settleConversion = try prepare("UPDATE conversion SET impression_id = ?, fate = ? WHERE id = ?")
    insertExample = try prepare("INSERT INTO example (impression_id, label) VALUES (?, ?)")
    insertControl = try prepare(
      """
      INSERT INTO control (id, kind, time_ms, payload)
      VALUES (?1, ?2, ?3, CASE WHEN json_valid(?4) THEN ?4 END) RETURNING payload IS NOT NULL
      """)
    firstOpen = try prepare(
      "SELECT id, time_ms, received_ms FROM open_impression WHERE id > ? ORDER BY id LIMIT ?")
  }

  /// A click or conversion whose impression hasn't come.
  struct Orphan {
    let id: Int64
    let time: Milliseconds
    let received: Milliseconds
  }

  func insertImpression(id: Int64, _ event: Event, _ ad: ServedAd) throws -> Bool {
    try insertImpression.execute(
      binding: id, Data(ad.decision.bytes), ad.slot, event.time, event.received, ad.time, ad.user,
      ad.ad, ad.model,
      ad.objective.rawValue, JSONText.encode(ad.experiments), JSONText.encode(ad.context),
      JSONText.encode(ad.attributes), ad.ctr.stored, ad.bid.stored, ad.price.stored,
      ad.propensity.stored,
      ad.traffic.rawValue)
    return db.changesCount > 0
  }

  func insertClick(id: Int64, impression: Int64?, _ event: Event, _ ad: ServedAd, fate: JoinFate)
    throws -> Bool
  {
    try insertClick.execute(
      binding: id, impression.databaseValue, Data(ad.decision.bytes), ad.slot, event.time,
      event.received, ad.user,
      ad.ad, ad.model, JSONText.encode(ad.experiments), ad.price.stored, fate.rawValue,
      ad.traffic.rawValue)
    return db.changesCount > 0
  }

  func insertConversion(
    id: Int64, impression: Int64?, _ event: Event, _ ad: ServedAd, fate: JoinFate
  ) throws -> Bool {
    try insertConversion.execute(
      binding: id, impression.databaseValue, Data(ad.decision.bytes), ad.slot,
      event.conversionID ?? "",
      event.value.databaseValue, event.time, event.received, ad.user, ad.ad, fate.rawValue,
      ad.traffic.rawValue)
    return db.changesCount > 0
  }

  /// False when the payload is no JSON: then the row has none.
  func insertControl(id: Int64, _ event: Event) throws -> Bool {
    let text = String(validating: event.payload, as: UTF8.self)
    return try Bool.fetchOne(
      insertControl, arguments: [id, Int64(event.kind.rawValue), event.time, text]) ?? false
  }

  func impression(of ad: ServedAd) throws -> (id: Int64, time: Milliseconds)? {
    try Row.fetchOne(findImpression, arguments: [Data(ad.decision.bytes), ad.slot]).map {
      ($0[0], $0[1])
    }
  }

  func open(_ impression: OpenImpression) throws {
    try openImpression.execute(binding: impression.id, impression.time, impression.received)
  }

  func isOpen(impression id: Int64) throws -> Bool {
    try Bool.fetchOne(isOpen, arguments: [id]) ?? false
  }

  func markClicked(impression id: Int64) throws {
    try markClicked.execute(binding: id)
  }

  /// Makes examples of all open impressions up to an id, in the order of their ids.
  func close(through id: Int64) throws {
    try closeThrough.execute(binding: id)
    try forgetThrough.execute(binding: id)
  }

  func insertExample(impression id: Int64, label: Bool) throws {
    try insertExample.execute(binding: id, label)
  }

  /// The open impressions with the least ids after `id`, ids ascending.
  func openImpressions(after id: Int64, limit: Int) throws -> [OpenImpression] {
    try Row.fetchAll(firstOpen, arguments: [id, limit]).map {
      OpenImpression(id: $0[0], time: $0[1], received: $0[2])
    }
  }

  func orphanClick(of ad: ServedAd) throws -> Orphan? {
    try Row.fetchOne(findOrphanClick, arguments: [Data(ad.decision.bytes), ad.slot]).map(
      Self.orphan)
  }

  func orphanConversions(of ad: ServedAd) throws -> [Orphan] {
    try Row.fetchAll(findOrphanConversions, arguments: [Data(ad.decision.bytes), ad.slot]).map(
      Self.orphan)
  }

  func settleClick(id: Int64, impression: Int64, fate: JoinFate) throws {
    try settleClick.execute(binding: impression, fate.rawValue, id)
  }

  func settleConversion(id: Int64, impression: Int64, fate: JoinFate) throws {
    try settleConversion.execute(binding: impression, fate.rawValue, id)
  }

  private static func orphan(_ row: Row) -> Orphan {
    Orphan(id: row[0], time: row[1], received: row[2])
  }
}

extension Double {
  /// SQLite keeps no NaN; it becomes 0.
  fileprivate var stored: Double { isNaN ? 0 : self }
}
