using Harness.Datasets;
using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Planning;
using Suites.LlmEdge.Offloading.Policies;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Tests.Offloading;

/// <summary>Made-up activations: a few neurons active nearly always, most of them rarely, and what was active comes again soon.</summary>
sealed class Traces
{
    public const int Layers = 2, Hidden = 512, Tokens = 100;

    readonly bool[][][] _active = new bool[Tokens][][];

    public Traces(double rare = 0.05, ulong seed = 2)
    {
        var chance = new Chance(seed);
        for (var token = 0; token < Tokens; token++)
        {
            _active[token] = new bool[Layers][];
            for (var layer = 0; layer < Layers; layer++)
            {
                var before = token == 0 ? null : _active[token - 1][layer];
                _active[token][layer] = [.. Enumerable.Range(0, Hidden).Select(i => before is not null && before[i] && chance.Unit() < 0.4
                    || chance.Unit() < (i % 20 == 0 ? 0.9 : rare))];
            }
        }
        Profile = new(Layers, Hidden);
        foreach (var token in _active)
            for (var layer = 0; layer < Layers; layer++) Profile.Add(layer, token[layer]);
    }

    public ActivationProfile Profile { get; }

    /// <summary>Rows of a model 4096 wide in halves.</summary>
    public static NeuronLayout Layout { get; } = new(Layers, Hidden, 8192);

    public PolicySetup Setup(double share, StorageModel? storage = null) => new(Layout, storage ?? StorageModel.Ufs4Like,
        ComputeCosts.Fixed, Profile, Profile, (long)(share * Layout.Bytes),
        [.. Enumerable.Repeat(new PredictorBytes(64 * 8192, 128), Layers)]);

    /// <summary>All tokens under a policy; the predictor asks for what is active and for one neuron in fifty beside.</summary>
    public LayerCost Run(IWeightPolicy policy, Action? afterToken = null)
    {
        var (sum, chance) = (default(LayerCost), new Chance(9));
        foreach (var token in _active)
        {
            for (var layer = 0; layer < Layers; layer++)
            {
                int[] selected = [.. Enumerable.Range(0, Hidden).Where(i => token[layer][i] || chance.Below(50) == 0)];
                sum += policy.Decode(layer, selected, token[layer]);
            }
            afterToken?.Invoke();
        }
        return sum;
    }
}
