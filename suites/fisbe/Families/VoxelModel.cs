using Harness.Datasets.Fisbe;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Networks;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Families;

/// <summary>The shape of a <see cref="VoxelNetwork"/> and of its training cubes.</summary>
sealed record VoxelDesign(int Features, int Levels, IReadOnlyList<(int Z, int Y, int X)> Offsets, int CropSize)
{
    /// <summary>What the network is made of: by default convolutions and ReLU.</summary>
    public Func<OperationLedger, IVoxelUnits> Units { get; init; } = ledger => new AnalogUnits(ledger);
}

/// <summary>Models whose <see cref="VoxelNetwork"/> gives a field that is assembled into neurons.</summary>
static class VoxelModel
{
    const double LeastForeground = 0.5;
    const double LeastShared = 0.5;

    /// <exception cref="TrainingFailedException">Training diverged or there is nothing to learn from.</exception>
    public static NetworkModel Train(TrainingData<NeuronVolume> data, RunContext context, VoxelDesign design, Schedule schedule,
        Func<VoxelField, IEnumerable<Mask>> assemble)
    {
        Specimen[] training = [.. data.Training.Select(Specimen.Of)], validation = [.. data.Validation.Select(Specimen.Of)];
        if (!training.Any(specimen => specimen.Covered.Length > 0)) throw new TrainingFailedException(
            "The training volumes hold no neuron to learn from.");
        TorchSession.Begin(context.Seed, context.Threads);
        var (chance, ledger) = (new SampleOrder(context.Seed), new OperationLedger());
        var network = new VoxelNetwork(training[0].Image.Channels, design.Features, design.Levels, design.Offsets.Count,
            design.Units(ledger), ledger);
        var task = new VoxelTask(network, design.Offsets, design.CropSize, chance);
        return new NetworkModel(network, ledger, image => assemble(task.Ask(image, LeastForeground, LeastShared)))
            .Train(schedule, new(training, design.CropSize, chance), task.Loss, validation, context);
    }
}
