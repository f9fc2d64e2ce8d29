using Suites.Fisbe.Volumes;

namespace Suites.Fisbe;

/// <summary>The neurons found in a volume, one mask each (<see cref="MaskText"/>); they may overlap.</summary>
public sealed record NeuronPrediction(IReadOnlyList<string> Masks)
{
    internal static NeuronPrediction Of(IEnumerable<Mask> masks) => new([.. masks.Where(mask => mask.Count > 0).Select(MaskText.Write)]);
}
