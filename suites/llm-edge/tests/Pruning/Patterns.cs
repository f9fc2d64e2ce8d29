using Harness.Datasets;

namespace Suites.LlmEdge.Tests.Pruning;

/// <summary>Images of 5x5 whose class is a template under noise.</summary>
static class Patterns
{
    public const int Pixels = 25;
    public const int Classes = 4;

    public static IReadOnlyList<LabeledImage> Of(int count, ulong seed)
    {
        var (templates, chance) = (new Chance(99), new Chance(seed));
        double[][] means =
            [.. Enumerable.Range(0, Classes).Select(_ => Enumerable.Range(0, Pixels).Select(_ => templates.Unit()).ToArray())];
        return [.. Enumerable.Range(0, count).Select(index => Image(means[index % Classes], index % Classes, chance))];
    }

    static LabeledImage Image(double[] mean, int label, Chance chance) => new(
        mean.Select(value => (byte)Math.Clamp(255 * (value + 0.35 * chance.Normal()), 0, 255)).ToArray(), 1, 5, 5, label);
}
