using Suites.Fisbe.Metrics;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Learning;

/// <summary>The score by which states of a training are selected.</summary>
static class Validation
{
    /// <summary>S over all validation volumes; null without any.</summary>
    public static double? ScoreOrNull(IReadOnlyList<Specimen> specimens, Func<Image, IEnumerable<Mask>> segment)
    {
        if (specimens.Count == 0) return null;
        return SetScores.Of([.. specimens.Select(specimen => VolumeScorer.Score(new(InstanceSet.Of(specimen.Image.Shape, specimen.Neurons),
            InstanceSet.Of(specimen.Image.Shape, segment(specimen.Image).Where(mask => mask.Count > InstanceMetric.Rules.Smallest)), []),
            InstanceMetric.Rules, threads: 1))]).S;
    }
}
