using Harness.Spiking.Simulation;
using Harness.Torch;

namespace Harness.Spiking.Tests.Simulation;

static class Networks
{
    /// <summary>The network `balanced` of Reference/simulator.py.</summary>
    public static (SpikingNetwork Network, Population Cells) Balanced()
    {
        var chance = new SampleOrder(14);
        var network = new SpikingNetwork(1e-4);
        var cells = network.AddCells("cells", 400, new LifCell(20e-3, 20, Reset: 10, Refractory: 2e-3));
        for (var k = 0; k < 400; k++) cells.Drive[k] = 18 + 6 * chance.Unit();
        for (var k = 0; k < 400; k++) cells.Initial[k] = 20 * chance.Unit();
        foreach (var (first, count, weight, receptor) in new[]
        {
            (0, 320, 0.8, Receptor.Excitatory), (320, 80, -2.5, Receptor.Inhibitory),
        })
        {
            var pairs = Synapses.Random(count, 400, 0.1, weight, 0, chance);
            network.Connect(cells, cells, pairs with
            {
                Sources = Array.ConvertAll(pairs.Sources, source => first + source),
                Delays = Array.ConvertAll(pairs.Delays, _ => (5 + chance.Below(46)) * 1e-4),
            }, receptor);
        }
        return (network, cells);
    }

    /// <summary>One cell that one input reaches.</summary>
    public static (SpikingNetwork Network, Population Input, Population Cell, Projection Synapse) Pair(CellModel model, double weight,
        double delay = 0, Receptor receptor = Receptor.Potential, double step = 1e-3, Plasticity? plasticity = null)
    {
        var network = new SpikingNetwork(step);
        var input = network.AddInput("input", 1);
        var cell = network.AddCells("cell", 1, model);
        return (network, input, cell, network.Connect(input, cell, Synapses.OneToOne(1, weight, delay), receptor, plasticity));
    }
}
