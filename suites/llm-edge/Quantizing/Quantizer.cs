namespace Suites.LlmEdge.Quantizing;

/// <summary>Numbers that share a grid: all of a matrix, a row (channel of the output), or a run of a row.</summary>
public enum Granularity { Tensor, Channel, Group }

/// <summary>Rounds weight matrices to uniform grids; the numbers stay floats, as a kernel of that many bits would see them.</summary>
/// <param name="Bits">2 to 8.</param>
/// <param name="Group">Numbers of a group; the last one of a row may be shorter.</param>
public sealed record Quantizer(int Bits = 4, bool Symmetric = true, Granularity Granularity = Granularity.Group, int Group = 32,
    Calibration Calibration = Calibration.MinMax)
{
    /// <summary>Bits of codes, and of a half (and a byte for the zero) for each grid of a matrix [rows, width].</summary>
    public double BitsPerWeight(int rows, int width) => Bits + (Symmetric ? 16.0 : 24.0) * Granularity switch
    {
        Granularity.Tensor => 1.0 / ((double)rows * width), Granularity.Channel => 1.0 / width,
        _ => Math.Ceiling(width / (double)Group) / width,
    };

    /// <summary>Runs of numbers that share a grid, one after another.</summary>
    public IReadOnlyList<Range> Runs(int rows, int width)
    {
        var run = Granularity switch { Granularity.Tensor => rows * width, Granularity.Channel => width, _ => Checked(Group) };
        var line = Granularity == Granularity.Tensor ? rows * width : width;
        var runs = new List<Range>();
        for (var start = 0; start < rows * width; start += line)
            for (var at = 0; at < line; at += run) runs.Add((start + at)..(start + Math.Min(at + run, line)));
        return runs;
    }

    /// <summary>Round to nearest: every number to the closest point of its grid.</summary>
    public float[] Rounded(ReadOnlySpan<float> values, int rows, int width)
    {
        var rounded = values.ToArray();
        foreach (var run in Runs(rows, width))
        {
            var part = rounded.AsSpan(run);
            var grid = GridOf(part);
            foreach (ref var value in part) value = (float)grid.Round(value);
        }
        return rounded;
    }

    public Grid GridOf(ReadOnlySpan<float> values) => Calibrating.Grid(values, Bits, Symmetric, Calibration);

    static int Checked(int group) => group >= 1 ? group
        : throw new HarnessException($"A group of {group} is not possible; give at least 1.");
}
