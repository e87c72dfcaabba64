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
      writer.append(UInt32(rule.fields.count))
      for condition in rule.fields {
        writer.append(condition.field)
        writer.append(condition.values)
      }
    }
    self.init(writer.bytes)
  }

  /// Budgets, as ``SectionKind/budgets``.
  init(encoding budgets: [Budget]) {
    var writer = ByteWriter()
    writer.append(UInt32(budgets.count))
    for budget in budgets {
      let flags = (budget.daily == nil ? 0 : 1) + (budget.total == nil ? 0 : 2) + (budget.campaign == nil ? 0 : 4)
      writer.append(UInt8(flags))
      if let daily = budget.daily { writer.append(daily) }
      if let total = budget.total { writer.append(total) }
      if let campaign = budget.campaign { writer.append(campaign) }
    }
    self.init(writer.bytes)
  }
}
