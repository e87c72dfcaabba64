/// What is told apart as invalid traffic: kept with its reason, and never counted, billed or learnt from.
public struct InvalidTrafficSettings: Codable, Sendable, Equatable {
  /// Parts of the user agents of robots, in any case. The field's lists agree on these; command line tools and HTTP
  /// libraries aren't among them, since servers report events with them.
  public var botUserAgents = [
    "bot", "crawl", "spider", "slurp", "headless", "phantomjs", "facebookexternalhit", "mediapartners-google",
    "bingpreview", "lighthouse", "archiver", "scrapy", "wappalyzer",
  ]
  /// Parts of the user agents of people that look like a robot's.
  public var humanUserAgents = ["cubot"]
  /// Parts of the user agents of probes and load tests.
  public var testUserAgents = ["kube-probe", "healthcheck", "googlehc", "pingdom", "statuscake", "blackbox exporter"]
  /// Users of load tests; a `*` at the end stands for any ending.
  public var testUsers: [String] = []
  /// Client addresses of load tests, likewise: `10.0.7.*`.
  public var testAddresses: [String] = []
  /// Length of the windows of the four rates below, which begin at multiples of it.
  public var rateWindowSeconds = 60
  /// Impressions of one user within a window; further ones are invalid. 0 is off.
  public var userImpressionsMax = 0
  /// Clicks of one user within a window; 0 is off.
  public var userClicksMax = 0
  /// Impressions from one address within a window; 0 is off.
  public var addressImpressionsMax = 0
  /// Clicks from one address within a window; 0 is off.
  public var addressClicksMax = 0
  /// Counters in each of the 4 rows of the sketch that counts users and addresses, 4 bytes each. A count is too high by
  /// 3 events a counter of a window's events at most once in 50 times.
  public var rateCounterCount = 65_536

  public init() {}
}
