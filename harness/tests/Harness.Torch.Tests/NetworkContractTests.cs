using Harness.Torch.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Torch.Tests;

/// <summary>Each clause lets a proper network pass and catches one that breaks it.</summary>
public sealed class NetworkContractTests
{
    public NetworkContractTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void A_proper_network_passes() => Contract(() => new Specimen()).Check(3 * 4 + 4 + 2 * 4);

    [Fact]
    public void A_wrong_number_of_parameters_is_named() =>
        Assert.Contains("it has 24, not 25", Violation(() => new Specimen(), contract => contract.CheckParameters(25)));

    [Fact]
    public void A_parameter_without_gradient_is_caught() => Assert.Contains("linear.weight", Violation(
        () => new Specimen { Change = (network, x) => network.Whole(x).detach() + network.Norm.weight!.sum() + network.Norm.bias!.sum() },
        contract => contract.CheckGradients()));

    [Fact]
    public void A_parameter_whose_gradient_is_zero_is_caught() => Assert.Contains("is 0 in every element", Violation(
        () => new Specimen { Change = (network, x) => network.Whole(x * 0) }, contract => contract.CheckGradients()));

    [Fact]
    public void State_between_calls_is_caught()
    {
        Tensor? last = null;
        Assert.Contains("after another batch", Violation(() => new Specimen
        {
            Change = (network, x) =>
            {
                var output = network.Whole(x);
                var seen = last is null ? output : output + last;
                last = output.detach().DetachFromDisposeScope();
                return seen;
            },
        }, contract => contract.CheckState()));
    }

    [Fact]
    public void An_influence_of_the_place_in_the_batch_is_caught() => Assert.Contains("permuted batch", Violation(
        () => new Specimen { Change = (network, x) => network.Whole(x) * arange(x.shape[0]).unsqueeze(1) },
        contract => contract.CheckOrder()));

    [Fact]
    public void An_influence_between_samples_is_caught() => Assert.Contains("changed the outputs of sample", Violation(
        () => new Specimen { Change = (network, x) => network.Whole(x) + x.mean([0]).sum() }, contract => contract.CheckSamples()));

    [Fact]
    public void What_is_not_saved_is_caught() => Assert.Contains("it gave others", Violation(() =>
    {
        var hidden = randn(4);
        return new Specimen { Change = (network, x) => network.Whole(x) + hidden };
    }, contract => contract.CheckSaving()));

    [Fact]
    public void An_option_that_changes_nothing_is_named()
    {
        var contract = Contract(() => new Specimen());
        contract.CheckOptions(("bias", () => new Specimen { Change = (network, x) => network.Whole(x) * 2 }));
        var error = Assert.Throws<NetworkViolationException>(() => contract.CheckOptions(("colour", () => new Specimen())));
        Assert.Contains("colour changes neither", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mixed_steps_and_samples_are_caught()
    {
        TimeContract Of(Func<Tensor, Tensor> network) => new("specimen", () => network, (steps, samples) => rand([steps, samples, 3]));
        Of(x => x.cumsum(0)).Check(3);
        Of(x => x + x.mean([0], keepdim: true)).Check(3, causal: false);
        Assert.Throws<NetworkViolationException>(() => Of(x => x + x.mean([0], keepdim: true)).Check(3));
        Assert.Throws<NetworkViolationException>(() => Of(x => x.cumsum(1)).Check(3));
        // What a network does that was told 3 steps and is given 2: it reads the samples as steps.
        Assert.Throws<NetworkViolationException>(() => Of(x => x.reshape(3, 2, 3).cumsum(0).reshape(x.shape)).Check(2));
    }

    [Fact]
    public void Running_statistics_go_where_repeated_batches_would_take_them()
    {
        using var norm = nn.BatchNorm1d(4);
        var batch = randn(50, 4) * 0.01 + 3;
        RunningStatistics.Settle(norm, () => norm.forward(batch));
        Assert.False(norm.training);
        Assert.InRange((norm.running_mean! - batch.mean([0])).abs().max().item<float>(), 0, 1e-3);
        var variance = batch.var(0);
        Assert.InRange(((norm.running_var! - variance) / variance).abs().max().item<float>(), 0, 0.2);
    }

    static string Violation(Func<nn.Module<Tensor, Tensor>> create, Action<NetworkContract> check) =>
        Assert.Throws<NetworkViolationException>(() => check(Contract(create))).Message;

    static NetworkContract Contract(Func<nn.Module<Tensor, Tensor>> create) => new("specimen", create, count => randn(count, 3));

    sealed class Specimen : nn.Module<Tensor, Tensor>
    {
        readonly Linear linear = nn.Linear(3, 4);
        readonly BatchNorm1d norm = nn.BatchNorm1d(4);

        public Specimen() : base("specimen") => RegisterComponents();

        public BatchNorm1d Norm => norm;

        public Func<Specimen, Tensor, Tensor> Change { get; init; } = (network, x) => network.Whole(x);

        public Tensor Whole(Tensor x) => norm.forward(linear.forward(x)).sigmoid();

        public override Tensor forward(Tensor input) => Change(this, input);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                linear.Dispose();
                norm.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
