using Harness.Datasets;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Pruning;
using Suites.LlmEdge.Pruning.Blocks;
using Suites.LlmEdge.Pruning.Perceptrons;

namespace Suites.LlmEdge.Families;

/// <summary>
/// A perceptron with zeros. Its curve has a point for each epoch of training, one for the first cut, and one for each block.
/// </summary>
sealed class PrunedPerceptron : IModel<LabeledImage, ClassProbabilities>
{
    const int Batch = 256;
    const ulong PruningStream = 1UL << 32;

    readonly Perceptron _network;
    readonly IReadOnlyList<PrunedLayer> _layers;
    readonly DenseProduct _product;
    readonly Pass _pass;

    PrunedPerceptron(Perceptron network, IReadOnlyList<PrunedLayer> layers, DenseProduct product) =>
        (_network, _layers, _product, _pass) = (network, layers, product, new(network, product, Batch));

    public static PrunedPerceptron Make(PrunedMlp family, TrainingData<LabeledImage> data, RunContext context)
    {
        var (samples, classes) = (Samples(data), data.Training.Concat(data.Validation).Max(image => image.Label) + 1);
        var product = new DenseProduct(context.Threads);
        var curve = new PruningCurve(new(data.Validation, samples.Pixels), product, context);
        int[] sizes = [samples.Pixels, family.Hidden, family.Hidden, classes];
        var network = TrainedPerceptron.Of(sizes, family.Training, samples, data, product, context, curve);
        curve.Watch(network);
        // A stream of its own, as what training draws is not drawn where the network was kept.
        var chance = new Chance(unchecked((ulong)context.Seed) + PruningStream);
        var prunable = new PrunablePerceptron(network, samples, product);
        if (family.Method != PruningMethod.None) Prune(family, prunable, chance, product, curve, context);
        return new(network, prunable.Layers, product);
    }

    public Footprint Footprint
    {
        get
        {
            var (kept, offsets, all) = (_layers.Sum(layer => (long)layer.Kept), _network.Offsets.Sum(layer => (long)layer.Length),
                _layers.Sum(layer => (long)layer.Values.Length));
            var bytes = sizeof(float) * (kept + offsets) + (kept == all ? 0 : (all + 7) / 8);
            return new(kept + offsets, bytes, 8.0 * bytes / (kept + offsets));
        }
    }

    public IReadOnlyList<ClassProbabilities> Predict(IReadOnlyList<LabeledImage> batch)
    {
        var (table, predictions) = (new PixelTable(batch, _network.Sizes[0]), new ClassProbabilities[batch.Count]);
        foreach (var places in Enumerable.Range(0, batch.Count).Chunk(Batch))
        {
            table.Read(places, _pass.Values[0]);
            _pass.Forward(places.Length);
            for (var place = 0; place < places.Length; place++)
            {
                var logits = _pass.Values[^1].AsSpan(place * _network.Sizes[^1], _network.Sizes[^1]);
                Vectors.SoftMax(logits);
                predictions[places[place]] = new(logits.ToArray());
            }
        }
        return predictions;
    }

    public OperationCounts Count(IReadOnlyList<LabeledImage> batch) => new([.. _layers.Select(layer =>
        new LayerOperations(layer.Name, "linear", layer.Kept, 0, layer.Values.Length)
        {
            WeightBytes = sizeof(float) * (long)layer.Kept, Shape = new(layer.Width, 1, layer.Rows, 1, Bias: true),
        })], batch.Count);

    public void Dispose() => _product.Dispose();

    static PixelTable Samples(TrainingData<LabeledImage> data)
    {
        if (data.Training.Count == 0)
            throw new TrainingFailedException("There are no training samples; a classifier needs at least one.");
        if (data.Training.Min(image => image.Label) is var smallest and < 0)
            throw new TrainingFailedException($"A training sample has the label {smallest}; a class is 0 or more, -1 is withheld.");
        return new(data.Training, data.Training[0].Pixels.Length);
    }

    static void Prune(PrunedMlp family, PrunablePerceptron network, Chance chance, DenseProduct product, PruningCurve curve,
        RunContext context)
    {
        var plan = new PruningPlan(family.Method, OneShotMethod.Magnitude, family.Density, family.Scope, family.Calibration, family.Blocks);
        plan.Cut(network, chance, product);
        curve.Add(network.Draw(family.Blocks.Samples, chance).Loss());
        List<BlockStep> steps = [];
        foreach (var step in plan.Improve(network, chance, product, context.Time))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            steps.Add(step);
            curve.Add(step.LossAfter, step.Step == family.Blocks.Steps ? BlockStep.Told(steps) : null);
        }
    }
}
