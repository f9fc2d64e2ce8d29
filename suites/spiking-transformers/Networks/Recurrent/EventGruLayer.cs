using Harness.Spiking.Counting;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <param name="MeanThreshold">Mean of the Beta distribution that thresholds start from.</param>
/// <param name="Dampening">Height of the pseudo-derivative, gamma.</param>
/// <param name="Sharpness">1 over its half width, epsilon.</param>
/// <param name="Penalty">Of the mean square distance of each unit's activity from <paramref name="Activity"/>; 0 leaves it out.</param>
sealed record EventGruSizes(int Inputs, int Units, EventRule Events, double MeanThreshold, double Dampening, double Sharpness,
    double Penalty, double Activity);

/// <summary>
/// Event-based gated recurrent units (Subramoney et al., ICLR 2023): a unit is silent until its state crosses its threshold, and only units
/// that speak cost anything in the next step.
/// </summary>
sealed class EventGruLayer : RecurrentLayer, IPenalized
{
    readonly string layer;
    readonly EventGruSizes sizes;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear input;
    readonly TorchSharp.Modules.Linear recurrent;
    readonly Parameter threshold;
    Tensor? penalty;

    public EventGruLayer(string layer, EventGruSizes sizes, OperationLedger ledger) : base(nameof(EventGruLayer), sizes.Units)
    {
        (this.layer, this.sizes, this.ledger) = (layer, sizes, ledger);
        // Gates z, r, g one after another, as in the equations.
        input = nn.Linear(sizes.Inputs, 3 * sizes.Units);
        recurrent = nn.Linear(sizes.Units, 3 * sizes.Units);
        nn.init.xavier_uniform_(input.weight);
        foreach (var gate in recurrent.weight.chunk(3)) nn.init.orthogonal_(gate);
        nn.init.zeros_(input.bias);
        nn.init.zeros_(recurrent.bias);
        var alpha = 3 * sizes.MeanThreshold / (1 - sizes.MeanThreshold);
        threshold = new(distributions.Beta(tensor((float)alpha), tensor(3f)).sample(sizes.Units));
        RegisterComponents();
    }

    public EventGruSizes Sizes => sizes;
    public TorchSharp.Modules.Linear Input => input;
    public TorchSharp.Modules.Linear Recurrent => recurrent;
    public Tensor Thresholds => threshold;

    /// <summary>[steps, samples, inputs] to the outputs after each step, [steps, samples, units], 0 where a unit is silent.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var currents = input.forward(x);
        var (y, h) = (zeros([x.shape[1], sizes.Units]), zeros([x.shape[1], sizes.Units]));
        List<Tensor> outputs = [], events = [];
        foreach (var current in currents.unbind())
        {
            var (from, own) = (current.chunk(3, 1), recurrent.forward(y).chunk(3, 1));
            var (z, r) = ((from[0] + own[0]).sigmoid(), (from[1] + own[1]).sigmoid());
            var state = z * h + (1 - z) * (from[2] + r * own[2]).tanh();
            if (sizes.Events == EventRule.Always) (y, h) = (state, state);
            else
            {
                var spoke = Fires(state - threshold);
                (y, h) = (spoke * state, state - spoke * threshold);
                events.Add(spoke);
            }
            outputs.Add(y);
        }
        var all = stack(outputs);
        Regularize(events);
        Count(x, all);
        return all.MoveToOuterDisposeScope();
    }

    public Tensor? Penalty()
    {
        var taken = penalty;
        penalty = null;
        return taken;
    }

    // The step function with the derivative gamma max(0, 1 - epsilon |u|): the value of one function, the gradient of another.
    Tensor Fires(Tensor u)
    {
        var fired = u.detach().gt(0).to(float32);
        if (!is_grad_enabled()) return fired;
        var inside = u.clamp(-1 / sizes.Sharpness, 1 / sizes.Sharpness);
        var smooth = (inside - inside * inside.abs() * (sizes.Sharpness / 2)) * sizes.Dampening;
        return smooth + (fired - smooth).detach();
    }

    void Regularize(List<Tensor> events)
    {
        penalty?.Dispose();
        penalty = !training || sizes.Penalty == 0 || events.Count == 0 || !is_grad_enabled() ? null
            : ((stack(events).mean([0, 1]) - sizes.Activity).square().mean() * sizes.Penalty).DetachFromDisposeScope();
    }

    void Count(Tensor x, Tensor outputs)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        Weighted($"{layer}.input", x, x.numel(), input);
        // What a unit says is a real number, so each event costs a multiplication a weight; the silent cost nothing.
        var before = cat([zeros_like(outputs[..1]), outputs[..^1]]);
        Weighted($"{layer}.recurrent", before,
            sizes.Events == EventRule.Always ? before.numel() : before.count_nonzero().item<long>(), recurrent);
        if (sizes.Events == EventRule.Threshold) ledger.Neurons($"{layer}.events", outputs.ne(0).to(float32));

        void Weighted(string name, Tensor from, long active, TorchSharp.Modules.Linear linear) => ledger.Weighted(name, "linear", from,
            InputKind.Analog, (double)active * linear.weight.shape[0], linear.weight.numel() * sizeof(float), (int)from.shape[0],
            Shapes.Linear(from, linear, leading: 2), Connection.Linear(linear));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            threshold.Dispose();
            penalty?.Dispose();
        }
        base.Dispose(disposing);
    }
}
