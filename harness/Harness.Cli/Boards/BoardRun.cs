using Harness.Spiking.Boards;
using Harness.Spiking.Nir;

namespace Harness.Cli.Boards;

/// <summary>Neurons on a board, a linear read-out on the host.</summary>
sealed class BoardRun(NirGraph graph, double step, Board board, PixelCode code) : INetworkRun
{
    public BoardSimulation Simulation { get; } = new(graph, step, board);

    public int Inputs => Simulation.Inputs;
    public bool ReadsOut => Simulation.Readout.IsAny;

    public double[] Means(Func<double[]> next, int steps)
    {
        var counts = new double[Simulation.Outputs];
        Simulation.Reset();
        for (var at = 0; at < steps; at++)
            foreach (var neuron in Step(next())) counts[neuron]++;
        return Simulation.Readout.Of([.. counts.Select(count => count / steps)]);
    }

    IReadOnlyList<int> Step(double[] values) => code == PixelCode.Value
        ? Simulation.StepValues([.. Active(values).Select(pixel =>
            new GradedSpike(pixel, (int)Math.Round(values[pixel] * (1 << GradedSpike.Bits))))])
        : Simulation.Step([.. Active(values)]);

    static IEnumerable<int> Active(double[] values) => Enumerable.Range(0, values.Length).Where(pixel => values[pixel] > 0);
}
