using Harness.Spiking.Counting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <param name="Inputs">Synapses.</param>
/// <param name="Branches">That divide the synapses evenly.</param>
/// <param name="Memories">Units of memory.</param>
/// <param name="BranchMemory">Time constant of a branch, in steps.</param>
/// <param name="Shortest">Least time constant of a memory, in steps.</param>
/// <param name="Longest">Greatest; between them they are spaced evenly in their logarithm.</param>
/// <param name="Mixing">The published lambda.</param>
sealed record ElmSizes(int Inputs, int Branches, int Memories, double BranchMemory, double Shortest, double Longest, double Mixing,
    bool LearnMemories);

/// <summary>
/// One expressive leaky memory neuron with branches (Spieler et al., ICLR 2024, v2): leaky sums of synapses and leaky memories of many time
/// scales, and a small network that decides what is written to memory.
/// </summary>
sealed class ElmLayer : RecurrentLayer
{
    readonly ElmSizes sizes;
    readonly OperationLedger ledger;
    readonly Parameter synapses;
    readonly Tensor logMemories;
    readonly TorchSharp.Modules.Linear hidden;
    readonly TorchSharp.Modules.Linear write;

    public ElmLayer(ElmSizes sizes, OperationLedger ledger) : base(nameof(ElmLayer), sizes.Memories)
    {
        (this.sizes, this.ledger) = (sizes, ledger);
        synapses = new(full([sizes.Inputs], 0.5f));
        var memories = linspace(Math.Log(sizes.Shortest), Math.Log(sizes.Longest), sizes.Memories);
        if (sizes.LearnMemories) register_parameter(nameof(logMemories), (Parameter)(logMemories = new Parameter(memories)));
        else register_buffer(nameof(logMemories), logMemories = memories);
        hidden = nn.Linear(sizes.Branches + sizes.Memories, 2 * sizes.Memories);
        write = nn.Linear(2 * sizes.Memories, sizes.Memories);
        RegisterComponents();
    }

    /// <summary>[steps, samples, inputs] to the memories after each step, [steps, samples, memories].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var arriving = (input * synapses.relu()).view(input.shape[0], input.shape[1], sizes.Branches, -1).sum([3]);
        var (keepBranch, rate) = (Math.Exp(-1 / sizes.BranchMemory), (-logMemories).exp());
        var (keep, take) = ((-rate).exp(), 1 - (-rate * sizes.Mixing).exp());
        var (branches, memories) = (zeros_like(arriving[0]), zeros([input.shape[1], sizes.Memories]));
        List<Tensor> states = [], seen = [];
        foreach (var current in arriving.unbind())
        {
            branches = branches * keepBranch + current;
            var kept = memories * keep;
            var known = cat([branches, kept], 1);
            var inner = hidden.forward(known).relu();
            memories = kept + take * (write.forward(inner) * (2.0 / 3)).tanh() * 1.7159;
            states.Add(memories);
            if (ledger.Recording) seen.Add(known);
        }
        Count(input, seen);
        return stack(states).MoveToOuterDisposeScope();
    }

    void Count(Tensor input, List<Tensor> seen)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var steps = (int)input.shape[0];
        ledger.Weighted("synapses", "elementwise", input, InputKind.Analog, input.numel(), synapses.numel() * sizeof(float), steps);
        var known = stack(seen);
        Linear("hidden", known, hidden);
        Linear("write", hidden.forward(known).relu(), write);

        void Linear(string layer, Tensor x, TorchSharp.Modules.Linear linear) => ledger.Weighted(layer, "linear", x, InputKind.Analog,
            (double)x.numel() * linear.weight.shape[0], linear.weight.numel() * sizeof(float), steps, Shapes.Linear(x, linear, leading: 2),
            Connection.Linear(linear));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            synapses.Dispose();
            logMemories.Dispose();
        }
        base.Dispose(disposing);
    }
}
