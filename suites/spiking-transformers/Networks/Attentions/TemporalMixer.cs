using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// TIM (Shen et al., IJCAI 2024): queries of a step remember those before. q'_0 = q_0; q'_t = SN(a SN(C(q'_{t-1})) + (1 - a) q_t), C a
/// convolution of 5 over the features of a head whose channels are the tokens; then SSA with q'.
/// </summary>
sealed class TemporalMixer : Mixer
{
    const int Kernel = 5;

    readonly double share;
    readonly OperationLedger ledger;
    readonly NeuronRules rules;
    readonly Conv1d interactor;
    readonly Neuron remembering, mixing;
    readonly SpikingMixer attention;

    /// <param name="share">a, how much of the past a query takes.</param>
    public TemporalMixer(string layer, AttentionShape shape, double share, NeuronRules rules, OperationLedger ledger)
        : base("mixer", layer, shape)
    {
        if (rules.Kind is NeuronKind.Psn or NeuronKind.Glif)
            throw new HarnessException($"TIM's neurons fire step by step, which {rules.Kind} neurons with numbers of their own for each "
                + "step cannot; choose another neuron.");
        if (rules.Steps < 2) throw new HarnessException("TIM mixes a step with the one before it; set steps to 2 or more.");
        (this.share, this.rules, this.ledger) = (share, rules, ledger);
        interactor = nn.Conv1d(shape.Grid.Tokens, shape.Grid.Tokens, kernel_size: Kernel, padding: Kernel / 2);
        (remembering, mixing) = (rules.Create(), rules.Create());
        attention = new(layer, shape, rules, ledger);
        Register();
    }

    public override Tensor forward(Tensor projected)
    {
        using var scope = NewDisposeScope();
        var parts = projected.chunk(3, -1);
        return attention.forward(cat([Remembered(parts[0]), parts[1], parts[2]], -1)).MoveToOuterDisposeScope();
    }

    Tensor Remembered(Tensor queries)
    {
        var (steps, samples) = (queries.shape[0], queries.shape[1]);
        // [samples x heads, tokens, features of a head].
        Tensor Heads(Tensor step) => step.view(samples, Shape.Grid.Tokens, Shape.Heads, Shape.HeadWidth).transpose(1, 2).flatten(0, 1);
        List<Tensor> inner = [], outer = [], remembered = [Heads(queries[0])], recalled = [];
        for (var time = 1; time < steps; time++)
        {
            inner.Add(interactor.forward(remembered[^1]));
            // Neurons start at rest with every call, so each step repeats those before: the last is the one that is new.
            recalled.Add(remembering.forward(stack(inner))[^1]);
            outer.Add(recalled[^1] * share + Heads(queries[time]) * (1 - share));
            remembered.Add(mixing.forward(stack(outer))[^1]);
        }
        Count(remembered, recalled);
        return stack(remembered).view(steps, samples, Shape.Heads, Shape.Grid.Tokens, Shape.HeadWidth).transpose(2, 3)
            .reshape(queries.shape);
    }

    void Count(List<Tensor> remembered, List<Tensor> recalled)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var past = stack(remembered[..^1]);
        Operations.Product(ledger, $"{Label}.interactor", past, (double)past.numel() * Shape.Grid.Tokens * Kernel, rules.Unit);
        Neurons.Count(ledger, $"{Label}.recalled", stack(recalled), rules, null);
        Neurons.Count(ledger, $"{Label}.remembered", stack(remembered[1..]), rules, null);
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var tokens = Shape.Grid.Tokens;
        WireAxis[] later = [new("step", rules.Steps - 1), new("head", Shape.Heads), new("token", tokens),
            new("feature", Shape.HeadWidth)];
        WireAxis[] kernel = [new("token", tokens), new("tap", Kernel)];
        var query = sketch.Add(new($"{Label}.past", CircuitOperation.Split, [input.Name], later));
        var convolved = sketch.Add(new($"{Label}.interactor", CircuitOperation.Convolution, [query.Name], later)
        { Contracted = kernel, Weights = [new("token", tokens), .. kernel], Offsets = tokens, Detail = "1×5, channels are tokens" });
        var recalled = sketch.Spike($"{Label}.recalled", convolved, rules);
        var remembered = sketch.Spike($"{Label}.remembered", sketch.Sum($"{Label}.shared", recalled, query), rules);
        var joined = sketch.Add(new($"{Label}.joined", CircuitOperation.Reshape, [input.Name, remembered.Name], input.Axes)
        { Detail = "queries that remember" });
        return attention.Draw(sketch, joined);
    }
}
