namespace Suites.LlmEdge.Offloading.Caching;

/// <summary>Keeps nothing.</summary>
sealed class NoMemory : IColdMemory
{
    public SegmentUse Use { get; private set; } = SegmentUse.None;
    public long Held => 0;

    public Missing Ask(int layer, int neuron, bool rest)
    {
        Use += new SegmentUse(1, 0);
        return new(true, rest);
    }

    public bool Holds(int layer, int neuron) => false;

    public void EndToken(int layer) { }
}
