using Harness.Datasets;
using Suites.Clustering.Tests;

namespace Suites.Clustering.Neural.Tests;

/// <summary>Small images for which no data is needed: bars, frames and diagonals of 8 × 8 pixels with noise.</summary>
static class Drawings
{
    const int Side = 8;

    /// <summary>So many images of four kinds in turn; labelled by their kind.</summary>
    public static LabeledPoint[] Of(int count)
    {
        var chance = new Chance(5);
        return [.. Enumerable.Range(0, count).Select(at => Points.At(Image(at % 4, chance.Below(3), chance)) with { Label = at % 4 })];
    }

    static double[] Image(int kind, int shift, Chance chance) => [.. Enumerable.Range(0, Side * Side).Select(pixel =>
    {
        var (row, column) = (pixel / Side, pixel % Side);
        var ink = kind switch
        {
            0 => row == 2 + shift || row == 3 + shift,
            1 => column == 2 + shift || column == 3 + shift,
            2 => row == column + shift - 1 || row == column + shift,
            _ => row == shift || column == shift || row == Side - 1 - shift || column == Side - 1 - shift,
        };
        return (ink ? 0.8 : 0) + 0.2 * chance.Unit();
    })];
}
