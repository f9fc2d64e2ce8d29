using Harness.Spiking.Counting;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.TwoPoint;

/// <param name="Inputs">Channels of each stream.</param>
/// <param name="Units">Of a layer, in each stream.</param>
/// <param name="Penalty">Of the mean activity of all units.</param>
sealed record TwoPointSizes(int Inputs, int Units, int Depth, int Outputs, Transfer Transfer, double Penalty);

/// <summary>
/// Two streams of layers whose units transmit their receptive field as their context allows: their own layer a step ago (proximal), what
/// the other stream's layer receives (distal), and the highest layers of both a step ago (universal). A reconstruction.
/// </summary>
sealed class TwoPointNetwork : nn.Module<Tensor, Tensor>, IPenalized
{
    const int Streams = 2;

    readonly TwoPointSizes sizes;
    readonly OperationLedger ledger;
    readonly TwoPointLayer[] layers;
    readonly TorchSharp.Modules.Linear readout;
    readonly Tensor alive;
    Tensor? activity;

    public TwoPointNetwork(TwoPointSizes sizes, OperationLedger ledger) : base(nameof(TwoPointNetwork))
    {
        (this.sizes, this.ledger) = (sizes, ledger);
        layers = [.. Enumerable.Range(0, sizes.Depth).Select(index => new TwoPointLayer(
            index == 0 ? sizes.Inputs : sizes.Units, sizes.Units, sizes.Transfer))];
        foreach (var (index, layer) in layers.Index()) register_module($"layer{index + 1}", layer);
        readout = nn.Linear(Streams * sizes.Units, sizes.Outputs);
        alive = ones(sizes.Depth, Streams, 1, sizes.Units);
        register_buffer(nameof(alive), alive);
        RegisterComponents();
    }

    /// <summary>Units that will never transmit again, drawn at random.</summary>
    /// <param name="share">0..1 of all.</param>
    public void Kill(double share, Harness.Torch.SampleOrder chance)
    {
        using var mode = no_grad();
        var all = (int)alive.numel();
        foreach (var unit in chance.Permutation(all)[..(int)Math.Round(share * all)]) alive.view(-1)[unit] = 0f;
    }

    /// <summary>[sample, step, channel] of both streams side by side to [sample, step, output].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (samples, steps) = (input.shape[0], (int)input.shape[1]);
        var seen = input.view(samples, steps, Streams, sizes.Inputs).permute(1, 2, 0, 3);
        Tensor[] before = [.. layers.Select(_ => zeros(Streams, samples, sizes.Units))];
        List<Tensor>[] received = [.. layers.Select(_ => new List<Tensor>())], transmitted = [.. layers.Select(_ => new List<Tensor>())];
        foreach (var arriving in seen.unbind())
        {
            var (x, universal) = (arriving, Wide(before[^1]));
            for (var index = 0; index < layers.Length; index++)
            {
                received[index].Add(x);
                x = layers[index].Transmit(x, before[index], universal) * alive[index];
                transmitted[index].Add(before[index] = x);
            }
        }
        Tensor[] states = [.. transmitted.Select(each => stack(each))];
        Count([.. received.Select(each => stack(each))], states);
        activity?.Dispose();
        activity = training && is_grad_enabled() && sizes.Penalty > 0
            ? (stack(states).abs().mean() * sizes.Penalty).DetachFromDisposeScope() : null;
        return readout.forward(Wide(states[^1])).transpose(0, 1).MoveToOuterDisposeScope();
    }

    // [..., stream, sample, unit] to [..., sample, stream · unit].
    static Tensor Wide(Tensor states) => states.transpose(-3, -2).flatten(-2);

    public Tensor? Penalty()
    {
        var taken = activity;
        activity = null;
        return taken;
    }

    // A unit that is silent costs nothing; what another says is a real number, so that each of its weights is a multiplication.
    void Count(Tensor[] received, Tensor[] states)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var steps = (int)states[0].shape[0];
        var universal = Late(Wide(states[^1]));
        for (var index = 0; index < layers.Length; index++)
        {
            var layer = $"layer{index + 1}";
            Weighted($"{layer}.receptive", received[index], 1);
            if (sizes.Transfer != Transfer.Alone)
            {
                Weighted($"{layer}.proximal", Late(states[index]), 1);
                Weighted($"{layer}.distal", received[index], 1);
                Weighted($"{layer}.universal", universal, Streams);
            }
            ledger.Neurons($"{layer}.units", states[index].ne(0).to(float32));
        }
        ledger.Weighted("readout", "linear", Wide(states[^1]), InputKind.Analog,
            (double)states[^1].count_nonzero().item<long>() * sizes.Outputs, readout.weight.numel() * sizeof(float), steps,
            new LayerShape(Streams * sizes.Units, 1, sizes.Outputs, 1, Bias: true), Connection.Linear(readout));

        void Weighted(string part, Tensor input, int targets) => ledger.Weighted(part, "linear", input, InputKind.Analog,
            (double)input.count_nonzero().item<long>() * targets * sizes.Units,
            input.shape[^1] * Streams * sizes.Units * sizeof(float), steps);
    }

    // A step later.
    static Tensor Late(Tensor states) => cat([zeros_like(states[..1]), states[..^1]]);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in layers.Append<nn.Module>(readout)) part.Dispose();
            alive.Dispose();
            activity?.Dispose();
        }
        base.Dispose(disposing);
    }
}
