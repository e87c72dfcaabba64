/// The kinds of model that can be trained, by the names that `adloop train --model` takes.
///
/// All are linear in the logit of (context, ad) features once trained: one encoder, one file, one way of serving.
public enum ModelForm: String, Codable, Sendable, CaseIterable {
  /// Logistic regression by FTRL-Proximal on the fields and crosses of the features file.
  case ftrl
  /// The same with more crosses, chosen one by one by what they gain on examples that weren't learnt.
  case ftrlCrosses = "ftrl+crosses"
  /// A factorization machine: values of the context and of the ad have vectors, whose products are added to the logit.
  /// They are written out as crosses, a weight for each pair of values, so it is served like the others.
  case fm
}
