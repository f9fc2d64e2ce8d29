using Harness.Datasets.Text;
using Harness.Torch;
using Suites.LlmEdge.Neural.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Learning;

/// <summary>Trains a decoder on the bytes of texts. A point of the curve is a tenth of the steps.</summary>
sealed class DecoderTrainer(DecoderTraining training, TrainingData<TextSample> data, RunContext context)
{
    const int Points = 10, ValidationWindows = 32;

    readonly ByteText _text = new(data.Training, training.Context);
    readonly SampleOrder _chance = new(context.Seed);
    readonly long _start = context.Time.GetTimestamp();

    readonly ByteText? _judging = data.Validation.Any(text => text.Utf8.Length >= training.Context)
        ? new(data.Validation, training.Context) : null;

    /// <summary>Trains in place; the points of the curve.</summary>
    /// <param name="others">What is learned beside the network, without decay.</param>
    /// <exception cref="TrainingFailedException">The loss is no longer a finite number.</exception>
    public IReadOnlyList<TrainingPoint> Run(DecoderNetwork network, IReadOnlyList<Parameter>? others = null)
    {
        using var optimizer = Optimizer(network, others ?? []);
        var (points, sum, since) = (new List<TrainingPoint>(), 0.0, 0);
        var every = Math.Max(1, training.Steps / Points);
        network.train();
        for (var step = 0; step < training.Steps; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            (sum, since) = (sum + Step(network, optimizer, step), since + 1);
            var late = training.Minutes is { } minutes && Elapsed.TotalMinutes >= minutes && step + 1 < training.Steps;
            if (since < every && step + 1 < training.Steps && !late) continue;
            points.Add(new(points.Count + 1, sum / since, Validation(network), Elapsed.TotalSeconds)
            {
                Note = late ? $"ended after {step + 1} of {training.Steps} steps: {training.Minutes} minutes are over" : null,
            });
            context.Progress.Report(points[^1]);
            (sum, since) = (0, 0);
            if (late) break;
        }
        network.eval();
        return points;
    }

    TimeSpan Elapsed => context.Time.GetElapsedTime(_start);

    // Norms are few numbers around one: pulling them to zero would only scale the stream.
    AdamW Optimizer(DecoderNetwork network, IReadOnlyList<Parameter> others)
    {
        var parameters = network.parameters().ToList();
        return optim.AdamW(
        [
            new AdamW.ParamGroup(parameters.Where(parameter => parameter.dim() > 1), new() { weight_decay = training.WeightDecay }),
            new AdamW.ParamGroup(parameters.Where(parameter => parameter.dim() <= 1).Concat(others), new() { weight_decay = 0 }),
        ], training.LearningRate, beta1: 0.9, beta2: 0.99);
    }

    double Step(DecoderNetwork network, AdamW optimizer, int step)
    {
        using var scope = NewDisposeScope();
        foreach (var group in optimizer.ParamGroups) group.LearningRate = training.RateAt(step);
        optimizer.zero_grad();
        var (tokens, next) = _text.Draw(training.BatchSize, _chance);
        var penalties = new List<Tensor>();
        var logits = network.Logits(tokens, training.GatePenalty == 0 ? null : gates => penalties.Add(
            gates.abs().mean().DetachFromDisposeScope()));
        var loss = nn.functional.cross_entropy(logits.reshape(-1, logits.shape[2]), next);
        (penalties.Count == 0 ? loss : loss + training.GatePenalty * stack(penalties).mean()).backward();
        nn.utils.clip_grad_norm_(network.parameters(), training.ClipNorm);
        optimizer.step();
        penalties.ForEach(penalty => penalty.Dispose());
        var number = loss.item<float>();
        return float.IsFinite(number) ? number : throw new TrainingFailedException($"The loss became {number} in step {step + 1}: "
            + $"training diverged; lower the learning rate ({training.LearningRate}).");
    }

    // The share of bytes of the validation part that were the most likely ones.
    double? Validation(DecoderNetwork network)
    {
        if (_judging is null) return null;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var (tokens, next) = _judging.Spread(ValidationWindows);
        return network.forward(tokens).argmax(-1).reshape(-1).eq(next).to(float64).mean().item<double>();
    }
}
