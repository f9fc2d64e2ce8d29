using Harness.Datasets.Signals;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.TwoPoint;

/// <summary>
/// The mean squared error after the wash-out, and what the network adds to it; the score is 1 less the root of that error over the targets'
/// variance, at least -1.
/// </summary>
sealed class SeriesObjective(nn.Module<Tensor, Tensor> network, SeriesValues encoder) : IObjective<SignalSeries>
{
    public Tensor Loss(IReadOnlyList<SignalSeries> batch, int epoch, SampleOrder chance)
    {
        using var scope = NewDisposeScope();
        var error = Errors(batch).square().mean();
        using var penalty = (network as IPenalized)?.Penalty();
        return (penalty is null ? error : error + penalty).MoveToOuterDisposeScope();
    }

    Tensor Errors(IReadOnlyList<SignalSeries> batch) =>
        (network.forward(encoder.Encode(batch)) - SeriesValues.Targets(batch))[.., batch[0].Washout..];

    public double Score(IReadOnlyList<SignalSeries> samples, CancellationToken cancellation)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        cancellation.ThrowIfCancellationRequested();
        var variance = SeriesValues.Targets(samples)[.., samples[0].Washout..].@var();
        return Math.Max(-1, 1 - Math.Sqrt((Errors(samples).square().mean() / variance).item<float>()));
    }

    public static IReadOnlyList<SignalPrediction> Answers(Tensor output) =>
        [.. output.unbind().Select(series => new SignalPrediction([.. series.flatten().to(float64).data<double>()]))];
}
