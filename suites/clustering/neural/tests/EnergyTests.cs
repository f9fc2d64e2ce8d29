using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Metrics;
using Suites.Clustering.Neural.Families;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.Networks;
using Suites.Clustering.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Tests;

public sealed class EnergyTests
{
    const double Temperature = 0.5;

    public EnergyTests() => TorchSession.Begin(seed: 1, threads: 1);

    [Fact]
    public void The_energy_is_minus_the_log_of_summed_exponentials_and_its_gradient_that_of_finite_differences()
    {
        const double step = 1e-6;
        using var scope = NewDisposeScope();
        using var network = new EnergyNetwork(2, 3, Temperature);
        network.to(float64);
        double[] place = [0.3, -0.7];
        var logits = network.Logits(At(place)).data<double>().ToArray();
        Assert.All(logits, logit => Assert.InRange(logit, -1 / Temperature, 1 / Temperature));
        Assert.Equal(-Math.Log(logits.Sum(Math.Exp)), Energy(network, place), 1e-12);
        var input = At(place).requires_grad_();
        var gradient = autograd.grad([network.Energy(input).sum()], [input])[0].data<double>().ToArray();
        Assert.Equal((Energy(network, [place[0] + step, place[1]]) - Energy(network, [place[0] - step, place[1]])) / (2 * step),
            gradient[0], 1e-7);
        Assert.Equal((Energy(network, [place[0], place[1] + step]) - Energy(network, [place[0], place[1] - step])) / (2 * step),
            gradient[1], 1e-7);
    }

    [Fact]
    public void A_step_of_a_chain_is_half_the_gradient_downhill_with_little_noise_and_stays_in_bounds()
    {
        using var scope = NewDisposeScope();
        using var network = new EnergyNetwork(2, 3, temperature: 0.01);
        using var chains = new Langevin(network, 2, steps: 1);
        var start = 2 * rand(4000, 2) - 1;
        var moved = chains.Move(start);
        Assert.True(network.Energy(moved).mean().item<float>() < network.Energy(start).mean().item<float>());
        var input = start.clone().requires_grad_();
        var gradient = autograd.grad([network.Energy(input).sum()], [input])[0];
        var noise = moved - start + Langevin.StepSize / 2 * gradient;
        Assert.Equal(0, noise.mean().item<float>(), 0.001);
        Assert.Equal(Math.Sqrt(Langevin.StepSize), noise.std().item<float>(), 0.001);
        Assert.True(chains.Move(10 * start).abs().max().item<float>() <= Langevin.Bound);
    }

    [Fact]
    public void Chains_go_on_where_they_ended_and_drift_to_low_energy()
    {
        using var scope = NewDisposeScope();
        using var network = new EnergyNetwork(2, 3, temperature: 0.01);
        using var chains = new Langevin(network, 2, steps: 3);
        var chance = new SampleOrder(1);
        var first = network.Energy(chains.Draw(4000, chance)).mean().item<float>();
        for (var use = 0; use < 10; use++) chains.Draw(4000, chance).Dispose();
        Assert.True(network.Energy(chains.Draw(4000, chance)).mean().item<float>() < first);
    }

    [Fact]
    public void Terms_are_those_of_hand_computed_probabilities()
    {
        using var scope = NewDisposeScope();
        // p = (1/4, 3/4), (1/2, 1/2); of the views (2/3, 1/3), (1/5, 4/5).
        var logits = tensor([0, Math.Log(3), 0, 0], [2, 2]);
        var ofViews = tensor([Math.Log(2), 0, 0, Math.Log(4)], [2, 2]);
        Assert.Equal(-(0.25 * Math.Log(2 / 3.0) + 0.75 * Math.Log(1 / 3.0) + 0.5 * Math.Log(0.2) + 0.5 * Math.Log(0.8)) / 2,
            EnergyTask.Disagreement(logits, ofViews).item<double>(), 1e-12);
        Assert.Equal(-(Math.Log(0.375) + Math.Log(0.625)) / 2, EnergyTask.Imbalance(logits).item<double>(), 1e-12);
        Assert.Equal((Math.Log(3) + Math.Log(5)) / 2 - (Math.Log(4) + Math.Log(2)) / 2,
            EnergyTask.Contrast(logits, ofViews).item<double>(), 1e-12);
    }

    [Fact]
    public void Imbalance_is_least_where_the_mean_is_uniform_however_certain_each_point_is()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(Math.Log(2), EnergyTask.Imbalance(tensor([20.0, -20, -20, 20], [2, 2])).item<double>(), 1e-9);
        Assert.Equal(Math.Log(2), EnergyTask.Imbalance(zeros(2, 2, dtype: float64)).item<double>(), 1e-9);
        double[] tilts = [0, 0.1, 1, 5, 20];
        var values = tilts.Select(tilt => EnergyTask.Imbalance(tensor([tilt, 0, tilt, 0], [2, 2])).item<double>()).ToArray();
        Assert.Equal(values.Order().Distinct(), values);
    }

    [Fact]
    public void A_term_of_weight_0_is_left_out_and_the_others_add()
    {
        using var scope = NewDisposeScope();
        using var network = new EnergyNetwork(2, 3, Temperature);
        using var chains = new Langevin(network, 2, steps: 1);
        var task = new EnergyTask(network, chains, noise: 0, new SampleOrder(1));
        var batch = rand(50, 2);
        var logits = network.Logits(batch);
        var (invariance, balance) = (EnergyTask.Disagreement(logits, logits).item<float>(), EnergyTask.Imbalance(logits).item<float>());
        Assert.Equal(2 * invariance, task.Loss(batch, new(0, 2, 0)).item<float>(), 1e-5);
        Assert.Equal(3 * balance, task.Loss(batch, new(0, 0, 3)).item<float>(), 1e-5);
        Assert.Equal(2 * invariance + 3 * balance, task.Loss(batch, new(0, 2, 3)).item<float>(), 1e-5);
        Assert.NotEqual(0, task.Loss(batch, new(1, 0, 0)).item<float>(), 1e-6);
    }

    [Fact]
    public void Training_without_any_term_is_refused() =>
        Assert.Contains("generation, invariance and balance are all 0", Assert.Throws<TrainingFailedException>(() => Points.Prepare(
            new Gedi(Generation: 0, Invariance: 0, Balance: 0), Points.Of(PointClouds.Moons))).Message, StringComparison.Ordinal);

    static Tensor At(double[] place) => tensor(place, [1, place.Length]);

    static double Energy(EnergyNetwork network, double[] place) => network.Energy(At(place)).item<double>();
}
