using Harness.Spiking.Counting;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>A trained network as a model whose answers are not classes.</summary>
/// <param name="read">Makes the answers of a batch out of the network's output; the first axis is the sample.</param>
sealed class NetworkModel<TSample, TPrediction>(nn.Module<Tensor, Tensor> network, IEncoder<TSample> encoder,
    Func<Tensor, IReadOnlyList<TPrediction>> read, OperationLedger ledger) : IModel<TSample, TPrediction>
{
    bool disposed;

    public Footprint Footprint { get; } = ModuleSize.Footprint(network);

    /// <summary>Trains <paramref name="network"/>, which the model then owns; if that fails, it is disposed of.</summary>
    public static NetworkModel<TSample, TPrediction> Train(nn.Module<Tensor, Tensor> network, IEncoder<TSample> encoder,
        Func<Tensor, IReadOnlyList<TPrediction>> read, IObjective<TSample> objective, TrainingData<TSample> data, Recipe recipe,
        RunContext context, OperationLedger ledger)
    {
        try
        {
            if (data.Training.Count == 0) throw new TrainingFailedException("There are no training samples; a network needs at least one.");
            var first = data.Training.Take(Classifier.BatchSize).ToList();
            if (first.Count > 1) InitialisationGuard.Check(network, ledger, first.Count, () => network.forward(encoder.Encode(first)));
            new Trainer<TSample>(network, objective, recipe, context).Fit(data);
            return new(network, encoder, read, ledger);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public IReadOnlyList<TPrediction> Predict(IReadOnlyList<TSample> batch)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return [.. batch.Chunk(Classifier.BatchSize).SelectMany(Read)];
    }

    IReadOnlyList<TPrediction> Read(TSample[] batch)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        return read(network.forward(encoder.Encode(batch)));
    }

    public OperationCounts Count(IReadOnlyList<TSample> batch) => ledger.Record(batch.Count, () => Predict(batch));

    public void Dispose()
    {
        if (!disposed) network.Dispose();
        disposed = true;
    }
}
