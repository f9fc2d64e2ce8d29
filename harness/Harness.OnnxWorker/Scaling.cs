namespace Harness.OnnxWorker;

/// <summary>x ← (x / divisor − mean) / deviation, by channel.</summary>
sealed class Scaling
{
    readonly float[] factor, offset;
    readonly int inner;

    /// <param name="shape">Of a sample.</param>
    /// <param name="axis">Of its channels.</param>
    /// <exception cref="HarnessException">There are neither one nor as many numbers as channels.</exception>
    public Scaling(double divisor, IReadOnlyList<double>? mean, IReadOnlyList<double>? deviation, IReadOnlyList<int> shape, int axis)
    {
        var (means, deviations) = (Each(mean, 0, shape[axis], "mean"), Each(deviation, 1, shape[axis], "deviation"));
        factor = [.. deviations.Select(value => (float)(1 / (divisor * value)))];
        offset = [.. means.Zip(deviations, (value, wide) => (float)(-value / wide))];
        inner = shape.Skip(axis + 1).Aggregate(1, (size, next) => size * next);
    }

    public void Apply(Span<float> sample)
    {
        for (var at = 0; at < sample.Length; at++)
        {
            var channel = at / inner % factor.Length;
            sample[at] = sample[at] * factor[channel] + offset[channel];
        }
    }

    static double[] Each(IReadOnlyList<double>? given, double otherwise, int channels, string what) => given switch
    {
        null or [] => [.. Enumerable.Repeat(otherwise, channels)],
        [var one] => [.. Enumerable.Repeat(one, channels)],
        _ when given.Count == channels => [.. given],
        _ => throw new HarnessException($"{what} has {given.Count} numbers; allowed is 1, or {channels}, one for each channel."),
    };
}
