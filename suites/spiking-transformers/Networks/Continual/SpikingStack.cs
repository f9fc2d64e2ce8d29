using Harness.Spiking.Counting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <param name="Hidden">Neurons of each hidden layer.</param>
/// <param name="Depth">Hidden layers.</param>
/// <param name="Gain">Currents of hidden layers are multiplied by it: with the usual initialisation a deep layer would never fire.</param>
sealed record StackSizes(int Inputs, int Hidden, int Depth, int Classes, int Steps, double Gain, CreditRule Credit);

/// <summary>
/// Fully connected spiking layers without biases under a constant current, and one linear readout for all tasks. Weights start uniform in
/// ±1/√inputs.
/// </summary>
abstract class SpikingStack : nn.Module<Tensor, Tensor>
{
    readonly OperationLedger ledger;
    readonly List<Parameter> weights = [];

    protected SpikingStack(StackSizes sizes, OperationLedger ledger) : base(nameof(SpikingStack))
    {
        (Sizes, this.ledger) = (sizes, ledger);
        for (var layer = 0; layer <= sizes.Depth; layer++)
        {
            var (inputs, outputs) = (layer == 0 ? sizes.Inputs : sizes.Hidden, layer == sizes.Depth ? sizes.Classes : sizes.Hidden);
            var bound = 1 / Math.Sqrt(inputs);
            weights.Add(nn.Parameter(empty(outputs, inputs).uniform_(-bound, bound)));
        }
    }

    public static SpikingStack Of(StackSizes sizes, OperationLedger ledger) =>
        sizes.Credit == CreditRule.Dsr ? new RateStack(sizes, ledger) : new LifStack(sizes, ledger);

    public StackSizes Sizes { get; }

    /// <summary>By layer, [outputs, inputs]; the readout is the last.</summary>
    public IReadOnlyList<Parameter> Weights => weights;

    /// <summary>Rows and gradients of a batch: [samples, inputs] and the classes [samples].</summary>
    public abstract Lesson Learn(Tensor input, Tensor labels);

    /// <summary>The same network at this moment, with a ledger of its own.</summary>
    public (SpikingStack Network, OperationLedger Ledger) Copy()
    {
        var own = new OperationLedger();
        var copy = Of(Sizes, own);
        using var mode = no_grad();
        foreach (var (name, tensor) in copy.state_dict()) tensor.copy_(state_dict()[name]);
        return (copy, own);
    }

    /// <summary>Makes numbered parameters known, as <c>weight1</c>.</summary>
    protected void Register(string name, IReadOnlyList<Parameter> parameters)
    {
        foreach (var (layer, parameter) in parameters.Index()) register_parameter($"{name}{layer + 1}", parameter);
    }

    protected Tensor Currents(Tensor before, int layer) => before.matmul(Weights[layer].detach().t());

    /// <summary>Notes what a layer does: multiplies an input that stays, or adds spikes [steps, samples, inputs].</summary>
    protected void Count(Tensor input, int layer)
    {
        var (weight, kind) = (Weights[layer], layer == 0 ? InputKind.Analog : InputKind.Spikes);
        ledger.Weighted(NameOf(layer), "linear", input, kind, (double)input.numel() * weight.shape[0], weight.numel() * sizeof(float),
            layer == 0 ? 1 : Sizes.Steps, new LayerShape((int)weight.shape[1], 1, (int)weight.shape[0], 1), Connection.Linear(weight));
    }

    protected void CountNeurons(Tensor spikes, int layer) => ledger.Neurons($"{NameOf(layer)}.lif", spikes);

    string NameOf(int layer) => layer == Sizes.Depth ? "readout" : $"hidden{layer + 1}";
}
