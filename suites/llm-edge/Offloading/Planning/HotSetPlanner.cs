using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Planning;

/// <summary>
/// Chooses how many neurons are hot by trying 0, 5, …, 100 % of each layer with the cost model. PowerInfer-2 plans offline too, with a
/// solver; one dimension needs none.
/// </summary>
/// <param name="asked">How often neurons are asked for: where a predictor chooses, more than they are active. It orders them.</param>
/// <param name="active">How often gates are open.</param>
/// <param name="gateFirst">Whether up rows and down columns are read of open gates only.</param>
sealed class HotSetPlanner(ActivationProfile asked, ActivationProfile active, NeuronLayout layout, StorageModel storage,
    ComputeCosts compute, bool gateFirst = false)
{
    const int Step = 5;

    /// <summary>The fastest share that fits, of equals the smallest.</summary>
    /// <param name="bytes">What hot and cold neurons may take together.</param>
    /// <param name="batch">Tokens computed at a time.</param>
    public ResidencyPlan Plan(long bytes, int batch = 1) =>
        ResidencyPlan.Of(asked, layout, Sweep(bytes, batch).Where(share => share.Fits).MinBy(share => share.Seconds)!.Neurons);

    /// <summary>Every share with its expected cost.</summary>
    public IReadOnlyList<HotShare> Sweep(long bytes, int batch = 1)
    {
        var neurons = Enumerable.Range(0, layout.Layers).Select(layer => asked.Order(layer)
            .Select(neuron => (Asked: ActivationProfile.InBatch(asked.Frequency(layer, neuron), batch),
                Active: ActivationProfile.InBatch(active.Frequency(layer, neuron), batch))).ToArray()).ToArray();
        return [.. Enumerable.Range(0, 100 / Step + 1).Select(step => At(step * Step, neurons, bytes))];
    }

    HotShare At(int percent, (double Asked, double Active)[][] neurons, long bytes)
    {
        var hot = layout.Hidden * percent / 100;
        var hotBytes = (long)layout.Layers * hot * layout.BundleBytes;
        var cold = neurons.SelectMany(layer => layer.Skip(hot)).ToArray();
        AskedEntry[] entries = gateFirst
            ? [.. cold.Select(neuron => new AskedEntry(neuron.Asked, layout.RowBytes)),
                .. cold.Select(neuron => new AskedEntry(neuron.Active, 2 * layout.RowBytes))]
            : [.. cold.Select(neuron => new AskedEntry(neuron.Asked, layout.BundleBytes))];
        var reading = LruForecast.Misses(entries, bytes - hotBytes).Zip(entries)
            .Sum(pair => pair.First * storage.Busy(1, pair.Second.Bytes));
        var sparse = compute.Sparse(cold.Sum(neuron => neuron.Asked + 2 * neuron.Active) * layout.RowBytes);
        return new(percent, hot, compute.Dense(hotBytes) / compute.Lanes, sparse / compute.Lanes, reading, hotBytes <= bytes);
    }
}
