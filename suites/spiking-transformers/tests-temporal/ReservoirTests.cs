using Harness.Datasets;
using Harness.Datasets.Signals;
using Harness.Torch;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Metrics;
using Suites.SpikingTransformers.Networks.Reservoirs;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class ReservoirTests
{
    static readonly BalancedSizes Sizes = new(200, 0.2, 1, 4, 0.2);

    public ReservoirTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void The_spectral_radius_is_the_asked_one()
    {
        // r = tanh(W r): a small state grows or shrinks by the radius in the long run.
        var reservoir = new EchoReservoir(60, 0.5, 0.3, 0, 0, new SampleOrder(4));
        Assert.All(reservoir.Run(new double[5]), state => Assert.Equal(0, state));
        Assert.Equal(3, Spectrum.Radius([1, 2, 0, 0, 3, 1, 0, 0, -2.5], 3), 1e-9);
        // A rotation by any angle has radius 1, though no real eigenvalue.
        Assert.Equal(1, Spectrum.Radius([Math.Cos(1), -Math.Sin(1), Math.Sin(1), Math.Cos(1)], 2), 1e-9);
    }

    [Fact]
    public void Global_inhibition_has_the_asked_ratio()
    {
        var reservoir = new BalancedReservoir(Sizes, new Chance(2));
        reservoir.Scale(1.3);
        Assert.Equal(1.3, reservoir.Ratio, 1e-9);
        Assert.InRange(reservoir.Synapses, 7700, 8300);
    }

    [Fact]
    public void Units_adapt_to_their_targets()
    {
        var reservoir = new BalancedReservoir(Sizes, new Chance(3));
        double[] targets = [.. Enumerable.Range(0, 200).Select(unit => unit < 100 ? 0.2 : 0.4)];
        var input = GeneratedSignals.Memory.Read(new("."), Split.Train).Single().Inputs.Span;
        double[] Rates(BalancedReservoir one, ReadOnlySpan<double> heard)
        {
            var states = one.Run(heard);
            return [.. Enumerable.Range(0, 200).Select(unit => Enumerable.Range(100, 400).Average(step => states[step * 200 + unit]))];
        }
        var before = Rates(reservoir, input[..500]).Zip(targets, (rate, target) => Math.Abs(rate - target)).Average();
        reservoir.Adapt(input[..3000], targets, 0.02);
        var rates = Rates(reservoir, input[3000..3500]);
        Assert.Equal(0.3, rates.Average(), 0.03);
        Assert.True(rates[100..].Average() > rates[..100].Average() + 0.1);
        var after = rates.Zip(targets, (rate, target) => Math.Abs(rate - target)).Average();
        Assert.True(after < before / 5, $"{before} before, {after} after");
    }

    [Fact]
    public void A_readout_is_the_ridge_regression()
    {
        // One unit that repeats its input: the readout of a delay of 0 would be exact; target 2 u + 1.
        double[] inputs = [.. Enumerable.Range(0, 50).Select(step => Math.Sin(step * 0.7))];
        var series = new SignalSeries(inputs, inputs.Select(value => 2 * value + 1).ToArray(), 1, 5);
        using var model = ReservoirModel.Fit(new Repeating(), [series], 1e-12);
        var said = model.Predict([series with { Targets = default }])[0].Values;
        for (var step = 0; step < 50; step++) Assert.Equal(2 * inputs[step] + 1, said[step], 1e-8);
        Assert.Equal(2, model.Footprint.Parameters);
    }

    [Fact]
    public void Capacity_and_error_are_scored_after_the_washout()
    {
        var series = new SignalSeries(new double[4], new double[] { 9, 1, 2, 4 }, 1, 1);
        Assert.Equal(1, Score(new MemoryCapacity(), series, [0, 3, 5, 9]), 1e-12);
        Assert.Equal(0, Score(new MemoryCapacity(), series, [7, 3, 3, 3]), 1e-12);
        // Errors 1, 0, 1; the target's squared deviations are 16/9, 1/9, 25/9.
        Assert.Equal(Math.Sqrt(2 / (42.0 / 9)), Score(new Nrmse(), series, [0, 2, 2, 3]), 1e-12);
        Assert.Throws<HarnessException>(() => Score(new Nrmse(), series, [0]));
    }

    [Fact]
    public void A_network_remembers_and_one_without_recurrence_does_not()
    {
        var data = new TrainingData<SignalSeries>([.. GeneratedSignals.Memory.Read(new("."), Split.Train)], []);
        var test = GeneratedSignals.Memory.Read(new("."), Split.Test).Single();
        var recurrent = Capacity(new EchoState(Units: 60));
        Assert.InRange(recurrent, 15, 60);
        Assert.InRange(Capacity(new EchoState(Units: 60, Radius: 0)), 0, 1.5);

        double Capacity(EchoState family)
        {
            using var model = family.Prepare(data, Runs.Context());
            return Score(new MemoryCapacity(), test, model.Predict([test with { Targets = default }])[0].Values);
        }
    }

    [Fact]
    public void Series_are_those_of_their_equations()
    {
        var narma = GeneratedSignals.Narma.Read(new("."), Split.Test).Single();
        var u = narma.Inputs.Span;
        var y = narma.Targets.Span;
        for (var step = 20; step < 200; step++)
        {
            var sum = 0.0;
            for (var back = 1; back <= 10; back++) sum += y[step - back];
            Assert.Equal(0.3 * y[step - 1] + 0.05 * y[step - 1] * sum + 1.5 * u[step - 9] * u[step] + 0.1, y[step], 1e-12);
        }
        var chaos = GeneratedSignals.MackeyGlass.Read(new("."), Split.Train).Single();
        Assert.Equal(chaos.Inputs.Span[84 + 300], chaos.Targets.Span[300]);
        Assert.InRange(chaos.Inputs.ToArray().Min() + 0.9, 0.2, 0.6);
        Assert.InRange(chaos.Inputs.ToArray().Max() + 0.9, 1.1, 1.5);
    }

    static double Score(IMetric<SignalSeries, SignalPrediction> metric, SignalSeries series, IReadOnlyList<double> said)
    {
        var tally = metric.Begin();
        tally.Add(series, new(said));
        return tally.Total();
    }

    sealed class Repeating : IReservoir
    {
        public int Units => 1;
        public long Synapses => 0;
        public double[] Run(ReadOnlySpan<double> inputs) => inputs.ToArray();
    }
}
