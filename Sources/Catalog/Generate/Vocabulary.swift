/// The words that generated catalogs are made of. Changing any of them changes every generated catalog.
enum Vocabulary {
  /// A trade: what is sold, to whom, and for how much.
  struct Category: Sendable {
    let name: String
    /// Share of the advertisers.
    let weight: Double
    /// Typical price of the product and bid a click, in currency units.
    let priceMedian: Double
    let bidMedian: Double
    let products: [String]
    /// Likely audiences; others happen too.
    let audiences: [String]
  }

  static let categories = [
    Category(
      name: "shoes", weight: 10, priceMedian: 80, bidMedian: 0.35,
      products: ["Running Shoes", "Sneakers", "Hiking Boots", "Sandals"], audiences: ["runners", "students"]),
    Category(
      name: "fashion", weight: 12, priceMedian: 55, bidMedian: 0.30,
      products: ["Summer Dress", "Winter Coat", "Linen Shirt", "Denim Jacket"], audiences: ["students", "parents"]),
    Category(
      name: "electronics", weight: 11, priceMedian: 240, bidMedian: 0.55,
      products: ["Wireless Headphones", "Laptop", "Smart Watch", "Camera"], audiences: ["gadget-lovers", "students"]),
    Category(
      name: "games", weight: 9, priceMedian: 35, bidMedian: 0.40,
      products: ["Strategy Game", "Console Bundle", "Puzzle Game", "Racing Game"], audiences: ["gamers", "students"]),
    Category(
      name: "travel", weight: 9, priceMedian: 420, bidMedian: 0.80,
      products: ["City Break", "Beach Holiday", "Ski Week", "Rail Pass"], audiences: ["families", "retirees"]),
    Category(
      name: "food", weight: 8, priceMedian: 18, bidMedian: 0.20,
      products: ["Coffee Box", "Meal Kit", "Olive Oil", "Tea Selection"], audiences: ["families", "home-cooks"]),
    Category(
      name: "finance", weight: 6, priceMedian: 12, bidMedian: 2.40,
      products: ["Savings Account", "Credit Card", "Home Loan", "Travel Insurance"],
      audiences: ["professionals", "retirees"]),
    Category(
      name: "fitness", weight: 7, priceMedian: 60, bidMedian: 0.45,
      products: ["Yoga Mat", "Dumbbell Set", "Gym Membership", "Fitness Tracker"],
      audiences: ["runners", "professionals"]),
    Category(
      name: "home", weight: 8, priceMedian: 140, bidMedian: 0.40,
      products: ["Oak Table", "Reading Lamp", "Garden Chair", "Wool Rug"], audiences: ["families", "retirees"]),
    Category(
      name: "beauty", weight: 7, priceMedian: 28, bidMedian: 0.35,
      products: ["Face Cream", "Perfume", "Hair Dryer", "Sun Care"], audiences: ["students", "professionals"]),
    Category(
      name: "cars", weight: 4, priceMedian: 18_000, bidMedian: 1.60,
      products: ["Electric Car", "Winter Tyres", "Car Lease", "Roof Box"], audiences: ["families", "professionals"]),
    Category(
      name: "books", weight: 6, priceMedian: 16, bidMedian: 0.15,
      products: ["Crime Novel", "Cookbook", "Picture Book", "Travel Guide"], audiences: ["parents", "retirees"]),
    Category(
      name: "software", weight: 5, priceMedian: 90, bidMedian: 1.30,
      products: ["Photo Editor", "Password Manager", "Tax Program", "Cloud Storage"],
      audiences: ["gadget-lovers", "professionals"]),
    Category(
      name: "toys", weight: 5, priceMedian: 30, bidMedian: 0.25,
      products: ["Building Blocks", "Board Game", "Doll House", "Model Train"], audiences: ["parents", "families"]),
  ]

  static let audiences = [
    "families", "gadget-lovers", "gamers", "home-cooks", "parents", "professionals", "retirees", "runners", "students",
  ]
  static let formats = ["banner", "square", "native", "video", "carousel"]
  static let formatWeights = [40.0, 20, 20, 12, 8]
  static let adjectives = [
    "Affordable", "Award-winning", "Brand-new", "Classic", "Exclusive", "Light", "Limited", "Popular", "Premium",
    "Smart",
  ]
  static let brandBeginnings = [
    "Alt", "Bel", "Cor", "Dan", "El", "Fal", "Gran", "Hel", "In", "Jor", "Kal", "Lum", "Mar", "Nor", "Or", "Pal",
  ]
  static let brandEndings = [
    "ado", "berg", "chi", "dia", "ento", "fjord", "gano", "haus", "ino", "key", "lane", "mark", "nova", "one", "pia",
    "via",
  ]

  /// Markets that are bought together.
  static let countryGroups = [
    ["US"], ["DE"], ["DE", "AT"], ["DE", "AT", "CH"], ["GB"], ["FR"], ["FR", "CH"], ["US", "GB"], ["IN"], ["JP"],
    ["BR"],
  ]
  static let deviceGroups = [["mobile"], ["desktop"], ["mobile", "tablet"], ["desktop", "tablet"]]
  static let browserGroups = [["chrome"], ["safari"], ["chrome", "edge"], ["chrome", "firefox"]]
  static let pages = ["news", "sports", "recipes", "games", "finance"]
  static let interests = ["sports", "fashion", "travel", "tech", "food", "finance", "games"]
}
