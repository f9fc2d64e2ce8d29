using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch.Testing;

/// <summary>
/// What every network must keep, as checks of the untrained network that need no test framework and milliseconds; FamilyContract of
/// Harness.Testing checks the family around it. Each check makes the network anew and throws a <see cref="NetworkViolationException"/> at
/// the first clause that is not kept.
/// </summary>
/// <param name="Name">Stands in front of every violation.</param>
/// <param name="Create">Makes the network, every draw from the random stream of libtorch.</param>
/// <param name="Inputs">
/// So many samples on the first axis, drawn from the random stream of libtorch; it takes them to outputs of each.
/// </param>
public sealed record NetworkContract(string Name, Func<nn.Module<Tensor, Tensor>> Create, Func<int, Tensor> Inputs)
{
    const int Samples = 5;
    const string Outputs = "outputs";

    static readonly bool[] Modes = [true, false];
    static readonly long[] Order = [3, 0, 4, 2, 1];

    /// <summary>Differences up to this part of the largest output are rounding.</summary>
    public double Tolerance { get; init; } = 1e-4;

    public int Seed { get; init; } = 1;

    /// <summary>Over how many batches gradients are summed before one is said to be 0.</summary>
    public int Batches { get; init; } = 4;

    /// <summary>All checks but that of options.</summary>
    /// <param name="parameters">How many learned numbers it has.</param>
    public void Check(long parameters)
    {
        CheckParameters(parameters);
        CheckGradients();
        CheckState();
        CheckOrder();
        CheckSamples();
        CheckSaving();
    }

    /// <summary>Exactly so many learned numbers.</summary>
    public void CheckParameters(long expected) => With("it has the stated number of parameters", (hold, network) =>
    {
        var actual = ModuleSize.Parameters(network);
        hold(actual == expected, $"it has {actual.ToString(CultureInfo.InvariantCulture)}, not "
            + expected.ToString(CultureInfo.InvariantCulture));
    });

    /// <summary>
    /// Every parameter gets a gradient that is finite and somewhere not 0. In evaluation, as a bias before a batch norm has none in
    /// training.
    /// </summary>
    public void CheckGradients() => With("the gradient reaches every parameter", (hold, network) =>
    {
        Settle(network);
        for (var batch = 0; batch < Batches; batch++)
        {
            using var scope = NewDisposeScope();
            var outputs = network.forward(Inputs(Samples));
            (outputs * randn(outputs.shape)).sum().backward();
        }
        foreach (var (name, parameter) in network.named_parameters())
        {
            using var scope = NewDisposeScope();
            hold(parameter.grad is not null, $"{name} has none");
            hold(parameter.grad!.isfinite().all().item<bool>(), $"that of {name} is not finite");
            hold(parameter.grad!.count_nonzero().item<long>() > 0, $"that of {name} is 0 in every element");
        }
    });

    /// <summary>No state crosses calls.</summary>
    public void CheckState() => With("the same batch gives the same outputs, whatever came before", (hold, network) =>
    {
        Settle(network);
        using var mode = no_grad();
        var (batch, other) = (Inputs(Samples), Inputs(Samples));
        var first = network.forward(batch);
        network.forward(other);
        hold(Distance(first, network.forward(batch)) == 0, "it gave others after another batch");
    });

    /// <summary>Samples in another order give their outputs in that order.</summary>
    public void CheckOrder() => With("outputs do not depend on the place in a batch", (hold, network) =>
    {
        var (batch, order) = (Inputs(Samples), tensor(Order));
        foreach (var training in Modes)
        {
            if (!training) Settle(network);
            network.train(training);
            using var mode = no_grad();
            // The same draws for both, where a network draws in training: those that do are judged in evaluation alone.
            if (training && Draws(network, batch)) continue;
            var permuted = network.forward(batch[order]);
            var expected = network.forward(batch)[order];
            hold(Near(permuted, expected), $"a permuted batch gave others in {(training ? "training" : "evaluation")}, "
                + $"by up to {Distance(permuted, expected):G3}");
        }
    });

    /// <summary>In evaluation a sample has no influence on another.</summary>
    public void CheckSamples() => With("samples do not see each other", (hold, network) =>
    {
        Settle(network);
        using var mode = no_grad();
        var (batch, other) = (Inputs(Samples), Inputs(Samples));
        var expected = network.forward(batch);
        for (var changed = 0; changed < Samples; changed++)
        {
            var mixed = batch.clone();
            mixed[changed] = other[changed];
            var outputs = network.forward(mixed);
            for (var sample = 0; sample < Samples; sample++)
                hold(sample == changed || Near(outputs[sample], expected[sample]),
                    $"another sample {changed} changed the outputs of sample {sample} by {Distance(outputs[sample], expected[sample]):G3}");
        }
    });

    /// <summary>What is saved and loaded into a fresh network computes the same.</summary>
    public void CheckSaving() => With("a saved network computes the same when loaded", (hold, network) =>
    {
        Settle(network);
        using var mode = no_grad();
        var batch = Inputs(Samples);
        var expected = network.forward(batch);
        using var checkpoint = Checkpoint.Of(network);
        manual_seed(Seed + 1);
        using var fresh = Create();
        fresh.eval();
        hold(Distance(fresh.forward(batch), expected) > 0, "a network of another seed gave the same before anything was loaded");
        checkpoint.Restore(fresh);
        hold(Distance(fresh.forward(batch), expected) == 0, "it gave others");
    });

    /// <summary>
    /// A change of an option changes what is computed: the parameters, or the outputs, or the gradients in training, at equal seeds.
    /// </summary>
    /// <param name="others">The network with one option changed, and a name of the change for the violation.</param>
    public void CheckOptions(params IEnumerable<(string Option, Func<nn.Module<Tensor, Tensor>> Create)> others)
    {
        TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        var mine = Evidence(Create, null)!;
        foreach (var (option, create) in others)
        {
            using var inner = NewDisposeScope();
            if (Evidence(create, mine) is { } other && Same(mine, other))
                throw new NetworkViolationException(Name, "every option changes the computation",
                    $"{option} changes neither parameters, outputs nor gradients");
        }
    }

    static bool Same(Dictionary<string, Tensor> one, Dictionary<string, Tensor> other) =>
        one.Keys.SequenceEqual(other.Keys, StringComparer.Ordinal) && one.All(entry => Equal(entry.Value, other[entry.Key]));

    static bool Equal(Tensor one, Tensor other) => one.shape.SequenceEqual(other.shape) && one.ne(other).sum().item<long>() == 0;

    // Null where the outputs alone are other than before: no gradient is needed to tell.
    Dictionary<string, Tensor>? Evidence(Func<nn.Module<Tensor, Tensor>> make, Dictionary<string, Tensor>? before)
    {
        manual_seed(Seed);
        var batch = Inputs(Samples);
        manual_seed(Seed);
        using var network = make();
        network.train();
        var outputs = network.forward(batch);
        if (before is not null && !Equal(before[Outputs], outputs)) return null;
        (outputs * linspace(-1, 2, outputs.numel()).view(outputs.shape)).sum().backward();
        var evidence = network.named_parameters().ToDictionary(entry => entry.name,
            entry => (entry.parameter.grad ?? zeros_like(entry.parameter)).detach().clone());
        evidence[Outputs] = outputs.detach();
        return evidence;
    }

    void Settle(nn.Module<Tensor, Tensor> network)
    {
        var batch = Inputs(Samples);
        RunningStatistics.Settle(network, () => network.forward(batch));
    }

    bool Draws(nn.Module<Tensor, Tensor> network, Tensor batch)
    {
        using var scope = NewDisposeScope();
        return Distance(network.forward(batch), network.forward(batch)) > 0;
    }

    bool Near(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return Distance(actual, expected) <= Tolerance * Math.Max(1e-3, expected.abs().max().item<float>());
    }

    static double Distance(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return (actual - expected).abs().max().item<float>();
    }

    void With(string clause, Action<Action<bool, string>, nn.Module<Tensor, Tensor>> check)
    {
        TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        manual_seed(Seed);
        using var network = Create();
        check((holds, problem) =>
        {
            if (!holds) throw new NetworkViolationException(Name, clause, problem);
        }, network);
    }
}
