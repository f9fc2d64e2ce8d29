using System.Numerics;

namespace Suites.Fisbe.Scoring;

/// <summary>
/// Sums in the order NumPy takes (pairwise, eight accumulators, blocks of 128), so that a mean agrees with the official evaluator to the
/// last bit.
/// </summary>
static class NumpyMean
{
    const int Block = 128;

    /// <summary>0 for nothing, where NumPy would give NaN.</summary>
    public static float Of(IReadOnlyList<float> values) => values.Count == 0 ? 0 : (float)(Sum<float>([.. values]) / (double)values.Count);

    /// <inheritdoc cref="Of(IReadOnlyList{float})"/>
    public static double Of(IReadOnlyList<double> values) => values.Count == 0 ? 0 : Sum<double>([.. values]) / values.Count;

    public static T Sum<T>(ReadOnlySpan<T> values) where T : INumber<T>
    {
        if (values.Length > Block)
        {
            var half = values.Length / 2 - values.Length / 2 % 8;
            return Sum(values[..half]) + Sum(values[half..]);
        }
        var (sum, start) = (T.Zero, 0);
        if (values.Length >= 8)
        {
            var parts = values[..8].ToArray();
            for (start = 8; start + 8 <= values.Length; start += 8)
                for (var part = 0; part < 8; part++) parts[part] += values[start + part];
            sum = parts[0] + parts[1] + (parts[2] + parts[3]) + (parts[4] + parts[5] + (parts[6] + parts[7]));
        }
        foreach (var value in values[start..]) sum += value;
        return sum;
    }
}
