using Harness.Datasets;
using Harness.Datasets.Fisbe;
using Harness.Testing;
using Suites.Fisbe.Families;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

/// <summary>Every family on volumes of 10 × 14 × 9 voxels with two or three neurons of their own colours.</summary>
public sealed class FamilyTests
{
    static readonly Benchmark<NeuronVolume, NeuronPrediction> Neurons =
        (Benchmark<NeuronVolume, NeuronPrediction>)FisbeSuite.Create().Benchmarks[0];

    static readonly IModelFamily<NeuronVolume, NeuronPrediction>[] Families =
    [
        new ConnectedComponents(Smallest: 10), new Watershed(Smallest: 10, Apart: 4), new ColourClustering(Smallest: 10),
        new AffinityMutexWatershed(Features: 4, Levels: 1, Far: 2, Iterations: 20, Parts: 2, CropSize: 10, LearningRate: 0.02, Smallest: 4),
        new SpikingAffinities(Features: 4, Levels: 1, Steps: 2, Far: 2, Iterations: 20, Parts: 2, CropSize: 10, LearningRate: 0.02,
            Smallest: 4),
        new FloodFilling(View: 5, Step: 2, Features: 4, Modules: 1, Iterations: 20, Parts: 1, LearningRate: 0.02, Smallest: 4),
        new PatchPerPix(Radius: 1, Features: 4, Levels: 1, Iterations: 20, Parts: 2, CropSize: 10, LearningRate: 0.02, Smallest: 4),
    ];

    static readonly DirectoryInfo Cache = new(Path.GetTempPath());

    public static TheoryData<string> Ids => [.. Families.Select(family => family.Card.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_family_keeps_the_contract(string id)
    {
        var contract = FamilyContract.Of(Neurons, Families.Single(family => family.Card.Id == id),
            new([Volume(1), Volume(2), Volume(3)], [Volume(4)]), [Volume(5), Volume(6), Volume(7)]);
        contract.CheckCard();
        contract.CheckPredictions();
        contract.CheckState();
        contract.CheckOrder();
        contract.CheckSeed();
        contract.CheckCurve();
        contract.CheckFootprint();
        contract.CheckCounts();
        contract.CheckDisposal();
    }

    [Fact]
    public void Every_family_of_the_suite_is_checked_here() =>
        Assert.Equal(Neurons.Families.Select(family => family.GetType()), Families.Select(family => family.GetType()));

    [Fact]
    public void Colours_tell_neurons_apart_that_touch()
    {
        var volume = Volume(1);
        var neurons = Truth.Of(volume).Instances.Select(instance => MaskText.Write(instance.Mask)).Order().ToArray();
        Assert.Equal(3, neurons.Length);
        Assert.Equal(neurons, Predict(new ColourClustering(Sigma: 0, Smallest: 4), volume));
        Assert.Equal(2, Predict(new ConnectedComponents(Sigma: 0, Smallest: 4), volume).Length);
    }

    static string[] Predict(IModelFamily<NeuronVolume, NeuronPrediction> family, NeuronVolume volume)
    {
        using var model = family.Prepare(new([volume], []), new(1, 1, Cache, new ManualTime(), new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken));
        return [.. model.Predict([volume])[0].Masks.Order()];
    }

    /// <summary>Tubes of 3 × 3 voxels along x; the second touches the first.</summary>
    static NeuronVolume Volume(int seed)
    {
        const int Depth = 10, Height = 14, Width = 9, Voxels = Depth * Height * Width;
        var random = new Random(seed);
        var (raw, labels) = (new ushort[3 * Voxels], new ushort[Voxels]);
        for (var place = 0; place < raw.Length; place++) raw[place] = (ushort)random.Next(60);
        for (var neuron = 0; neuron < 2 + seed % 2; neuron++)
        {
            var (bottom, left) = (1 + neuron / 2 * 5, 3 + neuron % 2 * 3 + seed % 3);
            for (var z = bottom; z < bottom + 3; z++)
                for (var y = left; y < left + 3; y++)
                    for (var x = 1; x < Width - 1; x++)
                    {
                        var voxel = (z * Height + y) * Width + x;
                        labels[voxel] = (ushort)(neuron + 1);
                        raw[neuron % 3 * Voxels + voxel] += 2000;
                    }
        }
        return new($"volume{seed}", new ArrayVolume<ushort>([3, Depth, Height, Width], raw),
            new ArrayVolume<ushort>([1, Depth, Height, Width], labels), Complete: true, []);
    }
}
