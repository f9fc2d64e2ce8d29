using Harness.Datasets.Signals;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Reservoirs;

/// <summary>A reservoir and a linear readout of its states, found by ridge regression after the wash-out.</summary>
sealed class ReservoirModel : IModel<SignalSeries, SignalPrediction>
{
    readonly IReservoir reservoir;
    readonly double[] weights;
    readonly int outputs;

    ReservoirModel(IReservoir reservoir, double[] weights, int outputs) =>
        (this.reservoir, this.weights, this.outputs) = (reservoir, weights, outputs);

    /// <param name="ridge">Added to the diagonal of the states' products.</param>
    public static ReservoirModel Fit(IReservoir reservoir, IReadOnlyList<SignalSeries> training, double ridge)
    {
        if (training.Count == 0) throw new TrainingFailedException("There is no training series; a readout needs at least one.");
        var width = training[0].Outputs;
        using var scope = NewDisposeScope();
        var products = zeros([reservoir.Units + 1, reservoir.Units + 1], float64);
        var answers = zeros([reservoir.Units + 1, width], float64);
        foreach (var series in training)
        {
            if (series.Outputs != width)
                throw new TrainingFailedException($"A training series has {series.Outputs} outputs and another {width}; all need the same "
                    + "number.");
            var states = States(reservoir, series);
            var targets = OwnTensor.Of(series.Targets.ToArray(), series.Steps, width);
            var (x, y) = (states[series.Washout..], targets[series.Washout..]);
            products += x.t().matmul(x);
            answers += x.t().matmul(y);
        }
        var solved = linalg.solve(products + ridge * eye(reservoir.Units + 1, dtype: float64), answers);
        if (!solved.isfinite().all().item<bool>())
            throw new TrainingFailedException($"The readout's equations have no finite solution; raise the ridge ({ridge}).");
        return new(reservoir, solved.data<double>().ToArray(), width);
    }

    // [step, unit + 1]: the last is 1, so that the readout has a bias.
    static Tensor States(IReservoir reservoir, SignalSeries series)
    {
        using var scope = NewDisposeScope();
        var states = tensor(reservoir.Run(series.Inputs.Span), [series.Steps, reservoir.Units]);
        return cat([states, ones([series.Steps, 1], float64)], 1).MoveToOuterDisposeScope();
    }

    public Footprint Footprint => new(weights.Length, (weights.Length + reservoir.Synapses + reservoir.Units) * sizeof(double),
        8 * sizeof(double));

    public IReadOnlyList<SignalPrediction> Predict(IReadOnlyList<SignalSeries> batch) => [.. batch.Select(Answer)];

    SignalPrediction Answer(SignalSeries series)
    {
        using var scope = NewDisposeScope();
        var readout = OwnTensor.Of(weights, reservoir.Units + 1, outputs);
        return new(States(reservoir, series).matmul(readout).data<double>().ToArray());
    }

    public OperationCounts Count(IReadOnlyList<SignalSeries> batch)
    {
        var steps = batch.Average(series => series.Steps);
        double synapses = reservoir.Synapses + reservoir.Units, readout = weights.Length;
        return new(
        [
            new("reservoir", "linear", synapses * steps, 0, synapses * steps)
            {
                WeightBytes = (reservoir.Synapses + reservoir.Units) * sizeof(double), TimeSteps = (int)steps,
            },
            new("readout", "linear", readout * steps, 0, readout * steps)
            {
                WeightBytes = (long)weights.Length * sizeof(double), TimeSteps = (int)steps,
            },
        ], batch.Count);
    }

    public void Dispose() { }
}
