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
  private let insertExample, insertControl, insertDuplicate, firstOpen: Statement

  init(_ db: Database) throws {
    func prepare(_ sql: String) throws -> Statement { try db.cachedStatement(sql: sql) }
    self.db = db
    insertImpression = try prepare(
      """
      INSERT INTO impression (id, decision, slot, time_ms, received_ms, served_ms, user, ad, model, objective,
        experiments, context, attributes, ctr, bid, price, propensity, traffic, fate, reason)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """)
    findImpression = try prepare(
      "SELECT id, time_ms, received_ms FROM impression WHERE decision = ? AND slot = ? AND traffic <> 'invalid'")
    openImpression = try prepare(
      "INSERT INTO open_impression (id, time_ms, received_ms, clicked) VALUES (?, ?, ?, 0)")
    closeThrough = try prepare(
      "INSERT INTO example (impression_id, label) SELECT id, clicked FROM open_impression WHERE id <= ? ORDER BY id"
    )
    forgetThrough = try prepare("DELETE FROM open_impression WHERE id <= ?")
    insertClick = try prepare(
      """
      INSERT INTO click (id, impression_id, decision, slot, time_ms, received_ms, user, ad, model, experiments, price,
        fate, reason, traffic) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """)
    findOrphanClick = try prepare(
      "SELECT id, time_ms, received_ms FROM click WHERE fate = 'orphan' AND decision = ? AND slot = ?"
    )
    settleClick = try prepare("UPDATE click SET impression_id = ?, fate = ?, reason = ? WHERE id = ?")
    isOpen = try prepare("SELECT 1 FROM open_impression WHERE id = ?")
    markClicked = try prepare("UPDATE open_impression SET clicked = 1 WHERE id = ?")
    insertConversion = try prepare(
      """
      INSERT INTO conversion (id, impression_id, decision, slot, conversion_id, value, time_ms, received_ms, user, ad,
        fate, reason, traffic) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """)
    findOrphanConversions = try prepare(
      """
      SELECT id, time_ms, received_ms FROM conversion WHERE fate = 'orphan' AND decision = ? AND slot = ?
      ORDER BY id
      """)
    settleConversion = try prepare("UPDATE conversion SET impression_id = ?, fate = ?, reason = ? WHERE id = ?")
    insertExample = try prepare("INSERT INTO example (impression_id, label) VALUES (?, ?)")
    insertControl = try prepare(
      """
      INSERT INTO control (id, kind, time_ms, payload)
      VALUES (?1, ?2, ?3, CASE WHEN json_valid(?4) THEN ?4 END) RETURNING payload IS NOT NULL
      """)
    insertDuplicate = try prepare(
      """
      INSERT INTO duplicate (kind, decision, slot, conversion_id, count, first_received_ms, last_received_ms)
      VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5) ON CONFLICT DO UPDATE SET count = count + 1,
        first_received_ms = min(first_received_ms, ?5), last_received_ms = max(last_received_ms, ?5)
      """)
    firstOpen = try prepare(
      "SELECT id, time_ms, received_ms FROM open_impression WHERE id > ? ORDER BY id LIMIT ?")
  }

  /// A click or conversion whose impression hasn't come.
  struct Orphan {
    let id: Int64
    let sighting: Sighting
  }

  /// An impression that counts.
  struct FoundImpression {
    let id: Int64
    let sighting: Sighting
  }

  func insertImpression(id: Int64, _ event: Event, _ ad: ServedAd) throws -> Bool {
    let invalid = event.invalidReason
    try insertImpression.execute(
      binding: id, Data(ad.decision.bytes), ad.slot, event.time, event.received, ad.time, ad.user,
      ad.ad, ad.model,
      ad.objective.rawValue, JSONText.encode(ad.experiments), JSONText.encode(ad.context),
      JSONText.encode(ad.attributes), ad.ctr.stored, ad.bid.stored, ad.price.stored,
      ad.propensity.stored, event.storedTraffic(ad),
      invalid.map { JoinFate($0).rawValue }.databaseValue, invalid?.label.databaseValue ?? .null)
    return db.changesCount > 0
  }

  func insertClick(
    id: Int64, impression: Int64?, _ event: Event, _ ad: ServedAd, fate: JoinFate, reason: String?
  ) throws -> Bool {
    try insertClick.execute(
      binding: id, impression.databaseValue, Data(ad.decision.bytes), ad.slot, event.time,
      event.received, ad.user,
      ad.ad, ad.model, JSONText.encode(ad.experiments), ad.price.stored, fate.rawValue, reason.databaseValue,
      event.storedTraffic(ad))
    return db.changesCount > 0
  }

  func insertConversion(
    id: Int64, impression: Int64?, _ event: Event, _ ad: ServedAd, fate: JoinFate, reason: String?
  ) throws -> Bool {
    try insertConversion.execute(
      binding: id, impression.databaseValue, Data(ad.decision.bytes), ad.slot,
      event.conversionID ?? "",
      event.value.databaseValue, event.time, event.received, ad.user, ad.ad, fate.rawValue, reason.databaseValue,
      event.storedTraffic(ad))
    return db.changesCount > 0
  }

  /// Notes one more copy of an event.
  func insertDuplicate(
    kind: String, decision: DecisionID, slot: Int, conversionID: String?, received: Milliseconds
  ) throws {
    try insertDuplicate.execute(
      binding: kind, Data(decision.bytes), slot, conversionID ?? "", received)
  }

  /// False when the payload is no JSON: then the row has none.
  func insertControl(id: Int64, _ event: Event) throws -> Bool {
    let text = String(validating: event.payload, as: UTF8.self)
    return try Bool.fetchOne(
      insertControl, arguments: [id, Int64(event.kind.rawValue), event.time, text]) ?? false
  }

  func impression(of ad: ServedAd) throws -> FoundImpression? {
    try Row.fetchOne(findImpression, arguments: [Data(ad.decision.bytes), ad.slot]).map {
      FoundImpression(id: $0[0], sighting: Sighting(time: $0[1], received: $0[2]))
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

  func settleClick(id: Int64, impression: Int64, _ verdict: JoinVerdict) throws {
    try settleClick.execute(
      binding: impression, verdict.fate.rawValue, (verdict.reason?.rawValue).databaseValue, id)
  }

  func settleConversion(id: Int64, impression: Int64, _ verdict: JoinVerdict) throws {
    try settleConversion.execute(
      binding: impression, verdict.fate.rawValue, (verdict.reason?.rawValue).databaseValue, id)
  }

  private static func orphan(_ row: Row) -> Orphan {
    Orphan(id: row[0], sighting: Sighting(time: row[1], received: row[2]))
  }
}

extension Event {
  /// The column `traffic`: of an event that never counts `invalid`, whatever its decision was.
  fileprivate func storedTraffic(_ ad: ServedAd) -> String {
    invalidReason == nil ? ad.traffic.rawValue : Store.invalidTraffic
  }
}

extension Double {
  /// SQLite keeps no NaN; it becomes 0.
  fileprivate var stored: Double { isNaN ? 0 : self }
}
