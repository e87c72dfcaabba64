extension Section {
  /// Attribute names with their values, as ``SectionKind/attributes``.
  init(encoding attributes: [(name: String, values: [String])]) {
    var writer = ByteWriter()
    writer.append(UInt32(attributes.count))
    for attribute in attributes {
      writer.append(attribute.name)
      writer.append(attribute.values)
    }
    self.init(writer.bytes)
  }

  /// Targeting rules, as ``SectionKind/rules``.
  init(encoding rules: [TargetingRule]) {
    var writer = ByteWriter()
    writer.append(UInt32(rules.count))
    for rule in rules {
      writer.append(UInt32(rule.conditions.count))
      for condition in rule.conditions {
        writer.append(UInt8(condition.isForbidding ? 1 : 0))
        writer.append(condition.field)
        writer.append(condition.values)
      }
      writer.append(UInt32(rule.schedule.count))
      for window in rule.schedule {
        writer.append(window.days)
        writer.append(UInt16(window.start))
        writer.append(UInt16(window.end))
        writer.append(window.zone)
      }
    }
    self.init(writer.bytes)
  }

  /// Budgets, as ``SectionKind/budgets``.
  init(encoding budgets: [Budget]) {
    var writer = ByteWriter()
    writer.append(UInt32(budgets.count))
    for budget in budgets {
      let flags = [
        budget.daily != nil, budget.total != nil, budget.campaign != nil, budget.billing == .cpm,
        budget.pacing != nil, budget.pacing == .even, budget.frequencyCap != nil,
      ]
      writer.append(flags.reversed().reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) })
      if let daily = budget.daily { writer.append(daily) }
      if let total = budget.total { writer.append(total) }
      if let campaign = budget.campaign { writer.append(campaign) }
      if let cap = budget.frequencyCap {
        writer.append(UInt16(cap.impressions))
        writer.append(UInt32(cap.seconds))
      }
    }
    self.init(writer.bytes)
  }
}
