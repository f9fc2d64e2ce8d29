using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Encoders;

/// <summary>How fast a later first spike means a smaller value.</summary>
public enum LatencyScale
{
    /// <summary>t = (steps - 1) (1 - x).</summary>
    Linear,
    /// <summary>t = steps - 1 - ln(a x + 1), a = exp(steps - 1) - 1.</summary>
    Logarithmic,
}

/// <summary>
/// Turns values in [0, 1], float32 [...], into [steps, ...]. A value outside of it is an error: normalise to [0, 1], and by mean and
/// deviation only afterwards.
/// </summary>
public static class Encoder
{
    /// <summary>The value itself at every step, as a current.</summary>
    public static Tensor Direct(Tensor values, int steps) =>
        Checked(values, steps).unsqueeze(0).expand([steps, .. values.shape]).contiguous();

    /// <summary>
    /// A spike with probability x at each step, independently: draws in the order of the output, from <paramref name="chance"/>, so that a
    /// seed gives the same spikes everywhere.
    /// </summary>
    public static Tensor Rate(Tensor values, int steps, SampleOrder chance)
    {
        using var scope = NewDisposeScope();
        var draws = new float[checked((int)(Checked(values, steps).numel() * steps))];
        // 24 bits, in [0, 1): a value of 1 always fires, a value of 0 never.
        for (var at = 0; at < draws.Length; at++) draws[at] = (chance.Next() >> 40) * (1f / (1 << 24));
        return tensor(draws).view([steps, .. values.shape]).lt(values).to(float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Weighted phase (Kim et al. 2018): the eight binary digits of floor(256 x), the highest first and again after eight steps; a set
    /// digit k, counted from 0, is a spike of amplitude <paramref name="first"/> 2^-k. 1 is coded as 255/256. BrainCog has 1 for
    /// <paramref name="first"/>.
    /// </summary>
    public static Tensor Phase(Tensor values, int steps, float first = 0.5f)
    {
        using var scope = NewDisposeScope();
        var number = (Checked(values, steps) * 256).floor().clamp(max: 255);
        var digits = Enumerable.Range(0, steps).Select(step => step % 8).Select(digit =>
            (number / (1 << (7 - digit))).floor().remainder(2) * (first / (1 << digit)));
        return stack(digits.ToList()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Time to first spike: one spike at step floor((1 - x) steps), counted from 0, of amplitude 1 / (1 + that step); none for 0.
    /// </summary>
    public static Tensor FirstSpike(Tensor values, int steps)
    {
        using var scope = NewDisposeScope();
        // steps - ceil(x steps) is that floor without the rounding of 1 - x.
        var time = steps - (Checked(values, steps) * steps).ceil();
        return OneSpike(time, steps, step => 1f / (1 + step)).MoveToOuterDisposeScope();
    }

    /// <summary>One spike of amplitude 1, the earlier the larger the value, also for 0: at the step nearest to the scale's time.</summary>
    public static Tensor Latency(Tensor values, int steps, LatencyScale scale = LatencyScale.Linear)
    {
        using var scope = NewDisposeScope();
        var x = Checked(values, steps);
        var time = scale == LatencyScale.Linear ? (1 - x) * (steps - 1) : steps - 1 - (x * (Math.Exp(steps - 1) - 1) + 1).log();
        return OneSpike(time.round().clamp(0, steps - 1), steps, _ => 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Of a signal [steps, ...]: 1 where it rises by at least <paramref name="threshold"/> since the step before, -1 where it falls by as
    /// much; the first step has none.
    /// </summary>
    public static Tensor Delta(Tensor signal, float threshold)
    {
        if (!(threshold > 0)) throw new HarnessException($"A delta encoder's threshold must be above 0, not {threshold}.");
        using var scope = NewDisposeScope();
        var x = Checked(signal, (int)signal.shape[0]);
        var change = x - cat([x[..1], x[..^1]], 0);
        return (change.ge(threshold).to(float32) - change.le(-threshold).to(float32)).MoveToOuterDisposeScope();
    }

    static Tensor OneSpike(Tensor time, int steps, Func<int, float> amplitude) =>
        stack(Enumerable.Range(0, steps).Select(step => time.eq(step).to(float32) * amplitude(step)).ToList());

    static Tensor Checked(Tensor values, int steps)
    {
        if (steps < 1) throw new HarnessException($"An encoder needs at least one step, not {steps}.");
        using var scope = NewDisposeScope();
        var (low, high) = (values.min().item<float>(), values.max().item<float>());
        if (!(low >= 0 && high <= 1))
            throw new HarnessException($"An encoder takes values in [0, 1], but received {low} to {high}; scale them, and normalise by "
                + "mean and deviation afterwards.");
        return values;
    }
}
