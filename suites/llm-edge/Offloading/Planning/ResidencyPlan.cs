using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Planning;

/// <summary>Which neurons of each layer are hot: kept together in clusters and computed densely.</summary>
/// <param name="Order">Neurons of each layer, the most often active first.</param>
/// <param name="Hot">How many of each layer are hot.</param>
sealed record ResidencyPlan(IReadOnlyList<IReadOnlyList<int>> Order, int Hot)
{
    /// <summary>Place of each neuron in <see cref="Order"/>, by layer.</summary>
    public IReadOnlyList<int[]> Rank { get; } = [.. Order.Select(order =>
    {
        var rank = new int[order.Count];
        for (var place = 0; place < rank.Length; place++) rank[order[place]] = place;
        return rank;
    })];

    public long HotBytes(NeuronLayout layout) => (long)layout.Layers * Hot * layout.BundleBytes;

    public static ResidencyPlan Without(ActivationProfile profile, NeuronLayout layout) => Of(profile, layout, 0);

    public static ResidencyPlan Of(ActivationProfile profile, NeuronLayout layout, int hot) =>
        new([.. Enumerable.Range(0, layout.Layers).Select(layer => (IReadOnlyList<int>)profile.Order(layer))], hot);
}

/// <summary>A hot share and what a token is expected to take in the feed-forward layers.</summary>
/// <param name="Percent">Of the neurons of each layer.</param>
/// <param name="Dense">Seconds of hot neurons.</param>
/// <param name="Sparse">Seconds of cold ones.</param>
/// <param name="Reading">Seconds of storage.</param>
/// <param name="Fits">Whether the hot neurons fit into the budget.</param>
sealed record HotShare(int Percent, int Neurons, double Dense, double Sparse, double Reading, bool Fits)
{
    /// <summary>Reading hides behind computing or the other way round.</summary>
    public double Seconds => Math.Max(Dense + Sparse, Reading);
}
