using Harness.Datasets.Fisbe;
using Suites.Fisbe.Families;
using Suites.Fisbe.Metrics;
using Suites.Fisbe.Reports;
using Suites.Fisbe.Views;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe;

/// <summary>Instance segmentation of neurons that cross, overlap and share colours.</summary>
public static class FisbeSuite
{
    public static Suite Create() => new("fisbe", "Instance segmentation of neurons (FISBe)",
    [
        new Benchmark<NeuronVolume, NeuronPrediction>("neurons", "Neurons in light-microscopy volumes")
        {
            Datasets = [FisbeSynth.Small, FisbeSynth.Walks, FisbeSynth.Skeletons, new FisbeCropFromSynth()],
            Families = [new ConnectedComponents(), new Watershed(), new ColourClustering(), new AffinityMutexWatershed(),
                new SpikingAffinities(), new FloodFilling(), new PatchPerPix()],
            Metrics = [InstanceMetric.S, InstanceMetric.AverageF1, InstanceMetric.Coverage, InstanceMetric.ClDice,
                InstanceMetric.TruePositives,
                InstanceMetric.FalseSplits, InstanceMetric.FalseMerges],
            Withhold = volume => volume with { Instances = null, Dim = [] },
            // How many neurons: what a glance at a row can compare.
            Target = volume => $"{Truth.Of(volume).Count}",
            Answer = prediction => $"{prediction.Masks.Count}",
            Draw = NeuronPictures.Draw,
        },
    ]) { Reported = Leaderboard.Reported.Tables };
}
