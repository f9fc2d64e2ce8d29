using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Nir;
using Harness.Torch;
using Suites.SpikingTransformers.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>A trained network as a model. Its layers report their operations to <paramref name="ledger"/>.</summary>
sealed class Classifier<TSample>(nn.Module<Tensor, Tensor> network, IEncoder<TSample> encoder, OperationLedger ledger)
    : IModel<TSample, ClassPrediction>, INirSource
{
    bool disposed;

    public Footprint Footprint { get; } = network is INarrow narrow ? narrow.Footprint : ModuleSize.Footprint(network);

    public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<TSample> batch)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return batch.Count <= Classifier.BatchSize
            ? Classifier.Predict(network, encoder, batch)
            : [.. batch.Chunk(Classifier.BatchSize).SelectMany(part => Classifier.Predict(network, encoder, part))];
    }

    public OperationCounts Count(IReadOnlyList<TSample> batch) => ledger.Record(batch.Count, () => Predict(batch));

    public NirGraph ToNir(double step) => network is INirSource source ? source.ToNir(step)
        : throw new UnsupportedException($"A {network.GetName()} has no NIR graph: NIR has neither products of two signals nor norms nor "
            + "means over tokens. Of this suite, lif-mlp has one.");

    public void Dispose()
    {
        if (!disposed) network.Dispose();
        disposed = true;
    }
}

static class Classifier
{
    /// <summary>Samples of one pass: bounds memory, whatever a caller asks for.</summary>
    public const int BatchSize = 256;

    /// <summary>Trains <paramref name="network"/>, which the model then owns; if that fails, it is disposed of.</summary>
    public static Classifier<TSample> Train<TSample>(nn.Module<Tensor, Tensor> network, IEncoder<TSample> encoder,
        TrainingData<TSample> data, Recipe recipe, RunContext context, OperationLedger ledger) where TSample : ILabeled
    {
        try
        {
            var first = data.Training.Take(BatchSize).ToList();
            // One sample has no statistics for a norm, and nothing to train on either.
            if (first.Count > 1) InitialisationGuard.Check(network, ledger, first.Count, () => network.forward(encoder.Encode(first)));
            new Trainer<TSample>(network, new ClassObjective<TSample>(network, encoder, recipe), recipe, context).Fit(data);
            return new(network, encoder, ledger);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public static ClassPrediction[] Predict<TSample>(nn.Module<Tensor, Tensor> network, IEncoder<TSample> encoder,
        IReadOnlyList<TSample> batch)
    {
        if (batch.Count == 0) return [];
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var (confidence, label) = network.forward(encoder.Encode(batch)).softmax(-1).max(-1);
        var (labels, confidences) = (label.data<long>().ToArray(), confidence.data<float>().ToArray());
        return [.. labels.Zip(confidences, (best, share) => new ClassPrediction((int)best, share))];
    }
}
