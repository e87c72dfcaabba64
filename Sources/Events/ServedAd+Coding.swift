import Features

extension ServedAd {
  /// Named bounds of what a token and a log entry hold.
  public enum Limits {
    /// UTF-8 bytes of an id, a name or a value. Longer ids are cut; entries with a longer name or value are left out,
    /// as the encoder of features counts such a value as missing.
    public static let textByteCountMax = 256
    /// Entries of a context, of attributes or of experiments; further ones (in the order of their names) are left out.
    public static let entryCountMax = 255
  }

  /// Version of the layout written by ``write(to:)``.
  static let layoutVersion: UInt8 = 1

  /// Appends the ad in the layout that tokens and the log share.
  ///
  ///     byte    content
  ///     0       1, the version of this layout
  ///     1–16    decision id, most significant byte first
  ///     17      slot, 1 to 255
  ///     18      bits 0–1 objective (0 revenue, 1 ctr), bits 2–4 traffic (0 live, 1 dry run, 2 probe, 3 history)
  ///     19–26   ctr          IEEE 754, 8 bytes, least significant first
  ///     27–34   bid          "
  ///     35–42   price        "
  ///     43–50   propensity   "
  ///     51–     time         zigzag varint: milliseconds after the time in the decision id (mostly one byte of 0)
  ///             user, ad, model            texts: length in bytes (varint), UTF-8
  ///             context, attributes, experiments   maps: number of entries (varint), then name and value of each, names
  ///                                        ascending by their bytes
  ///
  /// A varint is LEB128: 7 bits a byte, the lowest first, the top bit of a byte says that another follows.
  func write(to writer: inout ByteWriter) {
    ServedPage(
      decision: decision, time: time, user: user, context: context, model: model, experiments: experiments,
      objective: objective, traffic: traffic
    ).write(
      ServedPage.Ad(
        id: ad, slot: slot, attributes: attributes.sorted { ExactText($0.key) < ExactText($1.key) }, ctr: ctr, bid: bid,
        price: price, propensity: propensity), to: &writer)
  }

  /// Reads what ``write(to:)`` wrote.
  init(from reader: inout ByteReader) throws(DamagedBytes) {
    let version = try reader.byte()
    guard version == Self.layoutVersion else {
      throw DamagedBytes("version \(version) of a served ad is not known here")
    }
    let decision = DecisionID(high: try reader.word(), low: try reader.word())
    let slot = Int(try reader.byte())
    let codes = try reader.byte()
    guard let objective = Objective(code: codes & 3), let traffic = Traffic(code: codes >> 2) else {
      throw DamagedBytes("an unknown objective or traffic, code \(codes)")
    }
    let (ctr, bid, price, propensity) =
      (try reader.double(), try reader.double(), try reader.double(), try reader.double())
    let time = decision.time &+ (try reader.signed())
    let (user, ad, model) = (try reader.text(), try reader.text(), try reader.text())
    let (context, attributes, experiments) = (try reader.map(), try reader.map(), try reader.map())
    self.init(
      decision: decision, slot: slot, time: time, user: user, context: context, ad: ad,
      attributes: attributes,
      model: model, experiments: experiments, objective: objective, ctr: ctr, bid: bid,
      price: price,
      propensity: propensity, traffic: traffic)
  }
}

extension Objective {
  var code: UInt8 { self == .revenue ? 0 : 1 }

  fileprivate init?(code: UInt8) {
    guard code <= 1 else { return nil }
    self = code == 0 ? .revenue : .ctr
  }
}

extension Traffic {
  var code: UInt8 {
    switch self {
    case .live: 0
    case .dryRun: 1
    case .probe: 2
    case .history: 3
    }
  }

  fileprivate init?(code: UInt8) {
    guard let traffic = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = traffic
  }
}
