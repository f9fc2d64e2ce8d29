using Harness.Datasets.Fisbe;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Networks;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Families;

/// <summary>The shape of a <see cref="VoxelNetwork"/> and of its training cubes.</summary>
sealed record VoxelDesign(int Features, int Levels, IReadOnlyList<(int Z, int Y, int X)> Offsets, int CropSize);

/// <summary>A trained <see cref="VoxelNetwork"/> whose field is assembled into neurons.</summary>
sealed class VoxelModel : IModel<NeuronVolume, NeuronPrediction>
{
    const double LeastForeground = 0.5;
    const double LeastShared = 0.5;

    readonly VoxelNetwork _network;
    readonly VoxelTask _task;
    readonly OperationLedger _ledger;
    readonly Func<VoxelField, IEnumerable<Mask>> _assemble;
    bool _disposed;

    VoxelModel(VoxelDesign design, int channels, SampleOrder chance, Func<VoxelField, IEnumerable<Mask>> assemble)
    {
        (_ledger, _assemble) = (new(), assemble);
        _network = new(channels, design.Features, design.Levels, design.Offsets.Count, _ledger);
        _task = new(_network, design.Offsets, design.CropSize, chance);
    }

    public Footprint Footprint => ModuleSize.Footprint(_network);

    /// <exception cref="TrainingFailedException">Training diverged or there is nothing to learn from.</exception>
    public static VoxelModel Train(TrainingData<NeuronVolume> data, RunContext context, VoxelDesign design, Schedule schedule,
        Func<VoxelField, IEnumerable<Mask>> assemble)
    {
        Specimen[] training = [.. data.Training.Select(Specimen.Of)], validation = [.. data.Validation.Select(Specimen.Of)];
        if (!training.Any(specimen => specimen.Covered.Length > 0)) throw new TrainingFailedException(
            "The training volumes hold no neuron to learn from.");
        TorchSession.Begin(context.Seed, context.Threads);
        var chance = new SampleOrder(context.Seed);
        var model = new VoxelModel(design, training[0].Image.Channels, chance, assemble);
        try
        {
            schedule.Train(model._network, new(training, design.CropSize, chance), model._task.Loss, () =>
                Validation.ScoreOrNull(validation, model.Segment), context);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public IReadOnlyList<NeuronPrediction> Predict(IReadOnlyList<NeuronVolume> batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return [.. batch.Select(volume => NeuronPrediction.Of(Segment(Image.Of(volume))))];
    }

    public OperationCounts Count(IReadOnlyList<NeuronVolume> batch) => _ledger.Record(batch.Count, () => Predict(batch));

    public void Dispose()
    {
        if (!_disposed) _network.Dispose();
        _disposed = true;
    }

    IEnumerable<Mask> Segment(Image image) => _assemble(_task.Ask(image, LeastForeground, LeastShared));
}
