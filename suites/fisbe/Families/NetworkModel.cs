using Harness.Datasets.Fisbe;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;
using static TorchSharp.torch;

namespace Suites.Fisbe.Families;

/// <summary>A network that finds the neurons of an image; the model owns it.</summary>
/// <param name="segment">Asks the network, and makes neurons of what it says.</param>
sealed class NetworkModel(nn.Module network, OperationLedger ledger, Func<Image, IEnumerable<Mask>> segment)
    : IModel<NeuronVolume, NeuronPrediction>
{
    bool _disposed;

    public Footprint Footprint { get; } = ModuleSize.Footprint(network);

    /// <summary>Trains in place and selects by S on the validation volumes; a model whose training fails is disposed.</summary>
    /// <exception cref="TrainingFailedException">Training diverged.</exception>
    public NetworkModel Train(Schedule schedule, CropSampler crops, Func<IReadOnlyList<Crop>, Tensor> loss,
        IReadOnlyList<Specimen> validation, RunContext context)
    {
        try
        {
            schedule.Train(network, crops, loss, () => Validation.ScoreOrNull(validation, segment), context);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<NeuronPrediction> Predict(IReadOnlyList<NeuronVolume> batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return [.. batch.Select(volume => NeuronPrediction.Of(segment(Image.Of(volume))))];
    }

    public OperationCounts Count(IReadOnlyList<NeuronVolume> batch) => ledger.Record(batch.Count, () => Predict(batch));

    public void Dispose()
    {
        if (!_disposed) network.Dispose();
        _disposed = true;
    }
}
