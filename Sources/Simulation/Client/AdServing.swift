import Events

/// What a website sees of an ad server: the public contract of /rank and /log, over HTTP or within a process.
///
/// Not thread-safe: each thread that plays visitors has its own.
public protocol AdServing: AnyObject {
  /// The ads for page views, in their order; `nil` for one that the server turned away.
  ///
  /// - throws: when the server can't be reached or refuses what was asked.
  func rank(_ views: [PageView]) throws -> [RankAnswer?]

  /// Reports what happened; returns when it is stored.
  ///
  /// - parameter time: the world's time, for a server that follows it.
  func log(_ events: [EventMessage], time: Milliseconds?) throws -> LogAnswer
}

/// One page view as a website asks for its ads.
public struct PageView: Sendable, Equatable {
  public var user: String
  public var context: [String: String]
  /// The world's time, for a server that follows it.
  public var time: Milliseconds?
  /// Whether the answer is only a try, whose events never count.
  public var isDryRun: Bool

  public init(user: String, context: [String: String], time: Milliseconds? = nil, isDryRun: Bool = false) {
    self.user = user
    self.context = context
    self.time = time
    self.isDryRun = isDryRun
  }
}

/// What a page needs of the answer of /rank.
public struct RankAnswer: Sendable, Equatable {
  public var decision: String
  public var model: String
  public var experiments: [String: String]
  public var ads: [Ad]

  public struct Ad: Sendable, Equatable {
    public var slot: Int
    public var ad: String
    public var ctr: Double
    public var bid: Double
    public var price: Double
    public var token: String

    public init(slot: Int, ad: String, ctr: Double, bid: Double, price: Double, token: String) {
      self.slot = slot
      self.ad = ad
      self.ctr = ctr
      self.bid = bid
      self.price = price
      self.token = token
    }
  }

  public init(decision: String, model: String, experiments: [String: String], ads: [Ad]) {
    self.decision = decision
    self.model = model
    self.experiments = experiments
    self.ads = ads
  }
}

/// One event for /log.
public struct EventMessage: Sendable, Equatable {
  public var kind: EventKind
  public var token: String
  /// Tells conversions of one token apart.
  public var id: String?
  /// Value of a conversion, in the bids' currency.
  public var value: Double?
  /// When it happened; `nil` leaves it to the server.
  public var time: Milliseconds?

  public init(
    _ kind: EventKind, token: String, id: String? = nil, value: Double? = nil, time: Milliseconds? = nil
  ) {
    self.kind = kind
    self.token = token
    self.id = id
    self.value = value
    self.time = time
  }
}

/// The answer of /log.
public struct LogAnswer: Sendable, Equatable {
  public var accepted = 0
  public var duplicates = 0
  /// Why events were rejected, in the order of the events.
  public var rejections: [String] = []

  public init(accepted: Int = 0, duplicates: Int = 0, rejections: [String] = []) {
    self.accepted = accepted
    self.duplicates = duplicates
    self.rejections = rejections
  }
}
