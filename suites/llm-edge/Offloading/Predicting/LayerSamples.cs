namespace Suites.LlmEdge.Offloading.Predicting;

/// <summary>What a layer saw: inputs and open gates, token by token.</summary>
sealed class LayerSamples(int width, int hidden)
{
    readonly List<float[]> _inputs = [];
    readonly List<bool[]> _open = [];

    public int Width => width;
    public int Hidden => hidden;
    public int Count => _inputs.Count;
    public float[] Input(int token) => _inputs[token];
    public bool[] Open(int token) => _open[token];

    public void Add(ReadOnlySpan<float> x, ReadOnlySpan<bool> open)
    {
        _inputs.Add(x.ToArray());
        _open.Add(open.ToArray());
    }

    public double OpenShare => Count == 0 ? 0 : _open.Average(token => (double)token.Count(open => open) / hidden);
}
