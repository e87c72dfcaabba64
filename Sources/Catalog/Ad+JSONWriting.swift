extension Ad {
  /// The ad as one line of catalog NDJSON without its end: keys in the order of the contract, names sorted, empty parts
  /// left out. ``init(json:)`` reads it back.
  public var json: [UInt8] {
    var bytes: [UInt8] = []
    appendJSON(to: &bytes)
    return bytes
  }

  func appendJSON(to bytes: inout [UInt8]) {
    bytes += #"{"id":"#.utf8
    bytes.appendJSON(id)
    bytes += #","bid":\#(bid),"status":"\#(status.rawValue)","attributes":"#.utf8
    bytes.appendJSON(attributes.filter { !$0.value.isEmpty }) { $0.appendJSON($1) }
    if !targeting.isEmpty {
      bytes += #","targeting":"#.utf8
      targeting.appendJSON(to: &bytes)
    }
    if let budget {
      bytes += #","budget":"#.utf8
      budget.appendJSON(to: &bytes)
    }
    if creative != Creative() {
      bytes += #","creative":"#.utf8
      creative.appendJSON(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}

extension Budget {
  func appendJSON(to bytes: inout [UInt8]) {
    var separator = "{"
    for (name, amount) in [("daily", daily), ("total", total)] {
      guard let amount else { continue }
      bytes += #"\#(separator)"\#(name)":\#(amount)"#.utf8
      separator = ","
    }
    if let campaign {
      bytes += #"\#(separator)"campaign":"#.utf8
      bytes.appendJSON(campaign)
      separator = ","
    }
    var further: [(String, String)] = billing == .cpc ? [] : [("billing", #""\#(billing.rawValue)""#)]
    if let pacing { further.append(("pacing", #""\#(pacing.rawValue)""#)) }
    if let frequencyCap {
      further.append(
        ("frequency_cap", #"{"impressions":\#(frequencyCap.impressions),"seconds":\#(frequencyCap.seconds)}"#))
    }
    for (name, json) in further {
      bytes += #"\#(separator)"\#(name)":\#(json)"#.utf8
      separator = ","
    }
    bytes += (separator == "{" ? "{}" : "}").utf8
  }
}

extension Creative {
  func appendJSON(to bytes: inout [UInt8]) {
    bytes += #"{"title":"#.utf8
    bytes.appendJSON(title)
    bytes += #","image":"#.utf8
    bytes.appendJSON(image)
    bytes += #","url":"#.utf8
    bytes.appendJSON(url)
    bytes.append(UInt8(ascii: "}"))
  }
}
