using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Planning;

/// <summary>
/// Chooses how many neurons are hot by trying 0, 5, …, 100 % of each layer with the cost model. PowerInfer-2 plans offline too, with a
/// solver; one dimension needs none.
/// </summary>
/// <param name="excess">Neurons computed per active one: what a predictor asks for beyond them.</param>
sealed class HotSetPlanner(ActivationProfile profile, NeuronLayout layout, StorageModel storage, ComputeCosts compute,
    double excess = 1)
{
    const int Step = 5;

    /// <summary>The fastest share that fits, of equals the smallest.</summary>
    /// <param name="bytes">What hot and cold neurons may take together.</param>
    /// <param name="batch">Tokens computed at a time.</param>
    public ResidencyPlan Plan(long bytes, int batch = 1) =>
        ResidencyPlan.Of(profile, layout, Sweep(bytes, batch).Where(share => share.Fits).MinBy(share => share.Seconds)!.Neurons);

    /// <summary>Every share with its expected cost.</summary>
    public IReadOnlyList<HotShare> Sweep(long bytes, int batch = 1)
    {
        var chances = Enumerable.Range(0, layout.Layers).Select(layer => profile.Frequencies(layer)
            .Select(frequency => ActivationProfile.InBatch(Math.Min(1, excess * frequency), batch)).OrderDescending().ToArray()).ToArray();
        return [.. Enumerable.Range(0, 100 / Step + 1).Select(step => At(step * Step, chances, bytes))];
    }

    HotShare At(int percent, double[][] chances, long bytes)
    {
        var hot = layout.Hidden * percent / 100;
        var hotBytes = (long)layout.Layers * hot * layout.BundleBytes;
        var cold = chances.SelectMany(layer => layer.Skip(hot)).ToArray();
        var misses = LruForecast.Misses(cold, (double)Math.Max(0, bytes - hotBytes) / layout.BundleBytes);
        return new(percent, hot, compute.Dense(hotBytes) / compute.Lanes,
            compute.Sparse(cold.Sum() * layout.BundleBytes) / compute.Lanes,
            misses * storage.Busy(1, layout.BundleBytes), hotBytes <= bytes);
    }
}
