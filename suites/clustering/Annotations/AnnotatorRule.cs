namespace Suites.Clustering.Annotations;

/// <summary>
/// By what rule a simulated annotator finds clusters: a Gaussian mixture by its Bayesian information criterion, HDBSCAN*, gaps of single
/// linkage, DBSCAN at the knee of its distances, or Ward's clustering by its silhouette. No person decides so.
/// </summary>
public enum AnnotatorRule { Mixture, Hdbscan, Gaps, Knee, Ward }
