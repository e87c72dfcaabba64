import Features

/// One ad of a catalog: what an advertiser pays, whom it is for, and what the reader sees.
public struct Ad: Sendable, Equatable {
  /// Unique in its catalog.
  public var id: String
  /// Currency units a click, finite and not below 0.
  public var bid: Double
  public var status: Status
  /// Raw values by attribute name. An empty value is the same as none.
  public var attributes: [String: String]
  public var targeting: Targeting
  public var budget: Budget?
  public var creative: Creative

  /// Whether an ad takes part in rankings.
  public enum Status: String, Sendable, CaseIterable {
    case active
    case paused
  }

  public init(
    id: String, bid: Double, status: Status = .active, attributes: [String: String] = [:],
    targeting: Targeting = [:], budget: Budget? = nil, creative: Creative = Creative()
  ) {
    self.id = id
    self.bid = bid
    self.status = status
    self.attributes = attributes
    self.targeting = targeting
    self.budget = budget
    self.creative = creative
  }

  /// Named bounds of one ad; an ad beyond them is turned away with the bound in the reason.
  public enum Limits {
    /// UTF-8 bytes of an id.
    public static let idByteCountMax = 128
    /// Attributes with a value.
    public static let attributeCountMax = 100
    /// UTF-8 bytes of the name of an attribute, a context field or a campaign.
    public static let nameByteCountMax = 128
    /// UTF-8 bytes of an attribute's or a targeting value; features see nothing of a longer one either.
    public static let valueByteCountMax = Schema.Limits.valueByteCountMax
    /// Context fields that one ad targets.
    public static let targetedFieldCountMax = 32
    /// Values that one ad allows, or forbids, for one context field.
    public static let targetedValueCountMax = 1_000
    /// Windows of one ad's schedule.
    public static let windowCountMax = 32
    /// UTF-8 bytes of a title, an image address or a landing page address.
    public static let creativeByteCountMax = 4_096
  }
}
