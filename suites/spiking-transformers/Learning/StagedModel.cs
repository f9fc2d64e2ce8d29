using Harness.Datasets.Images;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Networks.Continual;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>A network as it was after a task.</summary>
sealed record StagedNetwork(SpikingStack Network, OperationLedger Ledger) : IDisposable
{
    public static StagedNetwork Of(SpikingStack network)
    {
        var (copy, ledger) = network.Copy();
        return new(copy, ledger);
    }

    public static int[] Labels(SpikingStack network, Tensor rows)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        return [.. network.forward(rows).argmax(1).data<long>().ToArray().Select(label => (int)label)];
    }

    public void Dispose() => Network.Dispose();
}

/// <summary>
/// Answers as each stage would have. The last stage is the model that is deployed: its size and its operations are stated, while the
/// time of a prediction is that of all stages.
/// </summary>
sealed class StagedModel(IReadOnlyList<StagedNetwork> stages, TaskRows rows) : IModel<TaskImage, StagedPrediction>
{
    bool disposed;

    public Footprint Footprint { get; } = ModuleSize.Footprint(stages[^1].Network);

    public IReadOnlyList<StagedPrediction> Predict(IReadOnlyList<TaskImage> batch)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return [.. batch.Chunk(Classifier.BatchSize).SelectMany(Answer)];
    }

    IEnumerable<StagedPrediction> Answer(TaskImage[] batch)
    {
        using var encoded = rows.Encode(batch);
        var labels = stages.Select(stage => StagedNetwork.Labels(stage.Network, encoded)).ToArray();
        return [.. batch.Select((_, sample) => new StagedPrediction([.. labels.Select(stage => stage[sample])]))];
    }

    public OperationCounts Count(IReadOnlyList<TaskImage> batch)
    {
        var (network, ledger) = stages[^1];
        return ledger.Record(batch.Count, () =>
        {
            foreach (var part in batch.Chunk(Classifier.BatchSize))
            {
                using var encoded = rows.Encode(part);
                StagedNetwork.Labels(network, encoded);
            }
        });
    }

    public void Dispose()
    {
        if (!disposed)
            foreach (var stage in stages) stage.Dispose();
        disposed = true;
    }
}
