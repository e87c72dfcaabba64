/// What all ads of one decision share, in the layout of ``ServedAd/write(to:)``: put into bytes once for all of them.
public struct ServedPage: Sendable {
  private let decision: DecisionID
  private let codes: UInt8
  /// Time and user.
  private let visit: [UInt8]
  /// Model and context.
  private let view: [UInt8]
  private let experiments: [UInt8]

  /// What an ad of the page has of its own; the names of its attributes ascend by their bytes.
  public struct Ad: Sendable {
    let id: String
    let slot: Int
    let attributes: [(key: String, value: String)]
    let ctr: Double
    let bid: Double
    let price: Double
    let propensity: Double

    /// The properties are those of ``ServedAd``.
    public init(
      id: String, slot: Int, attributes: [(key: String, value: String)], ctr: Double, bid: Double, price: Double,
      propensity: Double
    ) {
      self.id = id
      self.slot = slot
      self.attributes = attributes
      self.ctr = ctr
      self.bid = bid
      self.price = price
      self.propensity = propensity
    }
  }

  /// The parameters are those of ``ServedAd``.
  public init(
    decision: DecisionID, time: Milliseconds, user: String, context: [String: String], model: String,
    experiments: [String: String], objective: Objective, traffic: Traffic
  ) {
    self.decision = decision
    codes = objective.code | traffic.code << 2
    visit = Self.bytes { writer in
      writer.write(signed: time &- decision.time)
      writer.write(text: user)
    }
    view = Self.bytes { writer in
      writer.write(text: model)
      writer.write(map: context)
    }
    self.experiments = Self.bytes { $0.write(map: experiments) }
  }

  func write(_ ad: Ad, to writer: inout ByteWriter) {
    writer.write(byte: ServedAd.layoutVersion)
    writer.write(word: decision.high)
    writer.write(word: decision.low)
    writer.write(byte: UInt8(clamping: ad.slot))
    writer.write(byte: codes)
    writer.write(double: ad.ctr)
    writer.write(double: ad.bid)
    writer.write(double: ad.price)
    writer.write(double: ad.propensity)
    writer.write(bytes: visit)
    writer.write(text: ad.id)
    writer.write(bytes: view)
    writer.write(entries: ad.attributes)
    writer.write(bytes: experiments)
  }

  private static func bytes(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter(capacity: 128)
    write(&writer)
    return writer.bytes
  }
}
