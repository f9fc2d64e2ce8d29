using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Fisbe;
using Harness.Spiking.Neurons;
using Suites.Fisbe.Networks;

namespace Suites.Fisbe.Families;

/// <summary>
/// An experiment: <see cref="AffinityMutexWatershed"/> with a U-Net of leaky integrate-and-fire neurons in place of ReLU; the two linear
/// maps that read it see rates.
/// </summary>
/// <param name="Features">Of the first level of the U-Net.</param>
/// <param name="Levels">How often the U-Net halves the size.</param>
/// <param name="Steps">Time steps; the image is the same current at each.</param>
/// <param name="Tau">Membrane time constant in steps.</param>
/// <param name="Far">Distance in voxels along each axis over which voxels may repel each other.</param>
/// <param name="CropSize">Edge of the training cubes in voxels.</param>
/// <param name="Parts">The state is selected on the validation part after each of so many parts of the training.</param>
/// <param name="Smallest">Instances of at most so many voxels are noise.</param>
public sealed record SpikingAffinities(
    [property: Range(1, 256)] int Features = 12,
    [property: Range(0, 5)] int Levels = 2,
    [property: Range(1, 64)] int Steps = 4,
    [property: Range(1.0, 1000.0)] double Tau = 2,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.5,
    Surrogate Surrogate = Surrogate.Sigmoid,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 4,
    [property: Range(2, 16)] int Far = 4,
    [property: Range(1, 1_000_000)] int Iterations = 2000,
    [property: Range(1, 100)] int Parts = 4,
    [property: Range(1, 64)] int BatchSize = 2,
    [property: Range(8, 256)] int CropSize = 24,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 2e-3,
    [property: Range(0, 100_000)] int Smallest = 100)
    : IModelFamily<NeuronVolume, NeuronPrediction>
{
    public FamilyCard Card => new("spiking-affinity-mws", 1, "Affinities of a spiking U-Net (experiment)")
    {
        Kind = "spiking",
        Summary = "A 3-D U-Net of leaky integrate-and-fire neurons predicts foreground and affinities for a mutex watershed.",
        Equations = """
            unit: SN(BN(C3(x))) for every convolution of the U-Net, SN(BN(transposed C2(x))) upwards; skips concatenate spikes
            feature = mean over t of the spikes of the last unit; counts and affinities by linear maps of features
            SN: H[t] = V[t-1] + (I[t] - V[t-1]) / tau, S[t] = 1 where H[t] >= threshold, V[t] = (1 - S[t]) H[t]
            attract(v, v + o) = a, |o| = 1; repel(v, v + Far·o) = 1 - a; edges by falling weight
            """,
    };

    public IModel<NeuronVolume, NeuronPrediction> Prepare(TrainingData<NeuronVolume> data, RunContext context)
    {
        var lif = new LifParameters((float)Tau, (float)Threshold, Surrogate: Surrogate, Slope: (float)Slope).Checked();
        return VoxelModel.Train(data, context,
            new(Features, Levels, Affinities.Offsets(Far), CropSize) { Units = ledger => new SpikingUnits(Steps, lif, ledger) },
            new(Iterations, Parts, BatchSize, LearningRate), field => Affinities.Assemble(field, Far).Where(mask => mask.Count > Smallest));
    }
}
