using Harness.Datasets.Signals;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Thought;

/// <summary>
/// Of each sample, half the loss at the tick where it is least and half that at the tick of the greatest certainty (Darlow et al. 2025);
/// the score is the share of right bits at the latter.
/// </summary>
sealed class TickObjective(nn.Module<Tensor, Tensor> network, BitIds encoder) : IObjective<BitSequence>
{
    public Tensor Loss(IReadOnlyList<BitSequence> batch, int epoch, SampleOrder chance)
    {
        using var scope = NewDisposeScope();
        return Mean(network.forward(encoder.Encode(batch)), BitIds.Tensor(batch, sequence => sequence.Targets)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean loss of logits [sample, tick, position, 2] and targets [sample, position].</summary>
    public static Tensor Mean(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var said = logits.log_softmax(-1);
        var each = said.gather(3, targets.unsqueeze(1).unsqueeze(3).expand(said.shape[0], said.shape[1], said.shape[2], 1));
        var losses = each.squeeze(3).mean([2]).neg();
        var surest = losses.gather(1, Certainty(logits).argmax(1, keepdim: true));
        return (losses.amin(1).mean() + surest.mean()).div(2).MoveToOuterDisposeScope();
    }

    /// <summary>[sample, tick]: 1 less the entropy over ln 2, the mean over positions.</summary>
    public static Tensor Certainty(Tensor logits)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var said = logits.log_softmax(-1);
        return (1 + (said.exp() * said).sum(-1) / Math.Log(2)).mean([2]).MoveToOuterDisposeScope();
    }

    public double Score(IReadOnlyList<BitSequence> samples, CancellationToken cancellation)
    {
        var right = 0.0;
        foreach (var batch in samples.Chunk(Classifier.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            right += Answers(network.forward(encoder.Encode(batch))).Zip(batch)
                .Sum(pair => pair.Second.RightBits(pair.First.Answers[pair.First.MostCertain]) / (double)pair.Second.Length);
        }
        return right / samples.Count;
    }

    public static IReadOnlyList<TickedBits> Answers(Tensor logits)
    {
        var (ticks, length) = ((int)logits.shape[1], (int)logits.shape[2]);
        var certainties = Certainty(logits).data<float>().ToArray();
        var bits = logits.argmax(-1).data<long>().ToArray();
        return [.. Enumerable.Range(0, (int)logits.shape[0]).Select(sample => new TickedBits(
            [.. Enumerable.Range(sample * ticks, ticks).Select(row => string.Concat(bits[(row * length)..((row + 1) * length)]))],
            certainties[(sample * ticks)..((sample + 1) * ticks)]))];
    }
}
