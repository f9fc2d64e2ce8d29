using Harness.Spiking.Simulation;
using Harness.Torch;

namespace Harness.Spiking.Tests.Simulation;

public sealed class FixedPointTests
{
    static (SpikeLog Log, double[] Weights) Simulate(Engine engine)
    {
        var network = new SpikingNetwork(1e-3);
        var noise = network.AddPoisson("noise", 30, 40);
        var cells = network.AddCells("cells", 50, new LifCell(20e-3, 1, -0.5, -0.6, 2e-3));
        var chance = new SampleOrder(9);
        var pairs = Synapses.Random(30, 50, 0.5, 0, 1e-3, chance);
        var projection = network.Connect(noise, cells, pairs with { Weights = Array.ConvertAll(pairs.Weights, _ => chance.Unit() - 0.3) });
        network.Connect(cells, cells, Synapses.Random(50, 50, 0.1, -0.4, 2e-3, chance, self: false), Receptor.Inhibitory);
        var simulator = new Simulator(network, engine, seed: 2);
        simulator.Run(1);
        return (simulator.Spikes(cells), simulator.Weights(projection));
    }

    [Fact]
    public void More_bits_come_closer_to_real_numbers()
    {
        var exact = Simulate(Engine.ClockDriven);
        int Missed(int weightBits, int fractionBits, int decayBits)
        {
            var log = Simulate(new FixedPoint(weightBits, 48, fractionBits, decayBits)).Log;
            return exact.Log.Spikes.ToHashSet().Except(log.Spikes).Count();
        }
        var spikes = exact.Log.Spikes.Count;
        Assert.True(spikes > 300, $"{spikes} spikes");
        var (coarse, usual, fine) = (Missed(3, 2, 6), Missed(8, 6, 12), Missed(22, 12, 14));
        Assert.True(fine < spikes / 20, $"{fine} of {spikes} missed");
        Assert.True(fine <= usual && usual < coarse, $"{fine}, {usual}, {coarse} missed");
    }

    [Fact]
    public void Weights_are_whole_multiples_of_one_unit_that_the_largest_fills()
    {
        var weights = Simulate(new FixedPoint(WeightBits: 4)).Weights;
        var exact = Simulate(Engine.ClockDriven).Weights;
        var unit = exact.Max(Math.Abs) / 7;
        for (var at = 0; at < weights.Length; at++)
        {
            Assert.Equal(Math.Round(weights[at] / unit), weights[at] / unit, 1e-9);
            Assert.InRange(weights[at] - exact[at], -unit / 2 - 1e-12, unit / 2 + 1e-12);
        }
    }

    [Fact]
    public void A_state_saturates_and_does_not_wrap()
    {
        var (network, input, cell, _) = Networks.Pair(new LifCell(1, 200), -100);
        var simulator = new Simulator(network, new FixedPoint(WeightBits: 8, StateBits: 16, FractionBits: 6, DecayBits: 12));
        simulator.Feed(input, Enumerable.Range(0, 50).Select(step => new SpikeEvent(step, 0)));
        simulator.Run(51e-3);
        // 2^15 states of 1 / (127 / 100 × 64) each; one step of decay and the jump on its way are on top.
        var least = -(1 << 15) / (127 / 100.0 * 64);
        Assert.InRange(simulator.Potentials(cell)[0], least, least * 0.99);
        Assert.Empty(simulator.Spikes(cell).Spikes);
    }
}
