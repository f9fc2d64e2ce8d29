namespace Suites.LlmEdge.Quantizing;

/// <summary>How the range of a grid is found from numbers.</summary>
public enum Calibration
{
    /// <summary>All numbers lie inside.</summary>
    MinMax,
    /// <summary>0.1 % of the numbers are clipped at either end.</summary>
    Percentile,
    /// <summary>The share of the full range, of 1/100 to 1, that has the least squared error.</summary>
    SquaredError,
    /// <summary>The share whose grid changes a histogram of 2048 bins least, in Kullback-Leibler divergence.</summary>
    Divergence,
}

static class Calibrating
{
    const double Clipped = 0.001;
    const int Shares = 100;
    const int Bins = 2048;
    const double Floor = 1e-12;

    public static Grid Grid(ReadOnlySpan<float> values, int bits, bool symmetric, Calibration calibration)
    {
        var (low, high) = calibration == Calibration.Percentile ? Percentiles(values) : Range(values);
        var full = Of(low, high, 1);
        return calibration switch
        {
            Calibration.SquaredError => Best(values, SquaredError),
            Calibration.Divergence => Best(values, Divergence(values, low, high)),
            _ => full,
        };

        Grid Of(double from, double to, double share) => symmetric
            ? Quantizing.Grid.Symmetric(share * Math.Max(-from, to), bits) : Quantizing.Grid.Asymmetric(share * from, share * to, bits);

        // From the full range down: of equals the widest.
        Grid Best(ReadOnlySpan<float> numbers, Cost cost)
        {
            var (best, least) = (full, cost(numbers, full));
            for (var share = Shares - 1; share >= 1; share--)
            {
                var grid = Of(low, high, share / (double)Shares);
                if (cost(numbers, grid) is var found && found < least) (best, least) = (grid, found);
            }
            return best;
        }
    }

    delegate double Cost(ReadOnlySpan<float> values, Grid grid);

    public static double SquaredError(ReadOnlySpan<float> values, Grid grid)
    {
        var sum = 0.0;
        foreach (var value in values) sum += (grid.Round(value) - value) * (grid.Round(value) - value);
        return sum;
    }

    static (double Low, double High) Range(ReadOnlySpan<float> values)
    {
        var (low, high) = (0.0, 0.0);
        foreach (var value in values) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return (low, high);
    }

    static (double Low, double High) Percentiles(ReadOnlySpan<float> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var cut = (int)(Clipped * sorted.Length);
        return sorted.Length == 0 ? (0, 0) : (Math.Min(0, sorted[cut]), Math.Max(0, sorted[^(cut + 1)]));
    }

    // P: bins of the numbers. Q: what lies in the bins that a code covers is spread evenly over those of them that hold numbers; numbers
    // outside the grid fall to its last codes.
    static Cost Divergence(ReadOnlySpan<float> values, double low, double high)
    {
        var (bins, width) = (new double[Bins], Math.Max((high - low) / Bins, double.Epsilon));
        foreach (var value in values) bins[Math.Min(Bins - 1, (int)((value - low) / width))]++;
        return (numbers, grid) =>
        {
            var (mass, filled) = (new double[grid.High - grid.Low + 1], new int[grid.High - grid.Low + 1]);
            int Of(int bin) => grid.Code(low + (bin + 0.5) * width) - grid.Low;
            bool Inside(int bin) => Math.Abs(grid.Round(low + (bin + 0.5) * width) - (low + (bin + 0.5) * width)) <= grid.Scale / 2 + width;
            for (var bin = 0; bin < Bins; bin++)
            {
                mass[Of(bin)] += bins[bin];
                if (bins[bin] > 0 && Inside(bin)) filled[Of(bin)]++;
            }
            var sum = 0.0;
            for (var bin = 0; bin < Bins; bin++)
            {
                if (bins[bin] == 0) continue;
                var other = Inside(bin) ? mass[Of(bin)] / filled[Of(bin)] : Floor;
                sum += bins[bin] * Math.Log(bins[bin] / Math.Max(other, Floor));
            }
            return sum;
        };
    }
}
