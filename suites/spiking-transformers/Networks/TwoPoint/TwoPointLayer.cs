using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.TwoPoint;

/// <summary>A layer of both streams, each with weights of its own; the receptive field and the context have their own too.</summary>
sealed class TwoPointLayer : nn.Module
{
    const int Streams = 2;

    readonly Transfer transfer;
    readonly Parameter receptive, bias;
    // None where the context is not looked at.
    readonly Parameter? proximal, distal, universal;

    public TwoPointLayer(int inputs, int units, Transfer transfer) : base(nameof(TwoPointLayer))
    {
        this.transfer = transfer;
        (receptive, bias) = (Weights(inputs, units), new(zeros(Streams, 1, units)));
        if (transfer != Transfer.Alone)
            (proximal, distal, universal) = (Weights(units, units), Weights(inputs, units), Weights(Streams * units, units));
        RegisterComponents();
    }

    static Parameter Weights(int from, int to)
    {
        var bound = 1 / Math.Sqrt(from);
        return new(rand(Streams, from, to).mul_(2 * bound).sub_(bound));
    }

    /// <param name="x">[stream, sample, input].</param>
    /// <param name="before">What this layer transmitted a step ago, [stream, sample, unit].</param>
    /// <param name="all">What the highest layers transmitted a step ago, [sample, stream · unit].</param>
    public Tensor Transmit(Tensor x, Tensor before, Tensor all)
    {
        var r = x.bmm(receptive) + bias;
        if (transfer == Transfer.Alone) return r.relu();
        var c = before.bmm(proximal!) + x.flip(0).bmm(distal!) + all.expand(Streams, -1, -1).bmm(universal!);
        return Apply(transfer, r, c);
    }

    /// <summary>What is transmitted of receptive fields and contexts of one shape.</summary>
    public static Tensor Apply(Transfer transfer, Tensor r, Tensor c) => transfer switch
    {
        Transfer.Alone => r.relu(),
        Transfer.Point => (r + c).relu(),
        Transfer.KayPhillips => (0.5 * r * ((r * c).clamp(-6, 6).exp() + 1)).relu(),
        Transfer.Cooperation => (r * r + 2 * r + c * (r.abs() + 1)).clamp(0, 6),
        _ => r.relu() * c.sigmoid(),
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var parameter in new[] { receptive, bias, proximal, distal, universal }) parameter?.Dispose();
        base.Dispose(disposing);
    }
}
