using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Harness.Spiking.Simulation;
using Harness.Torch;
using static Harness.Benchmarks.Interleaved;

namespace Harness.Benchmarks.Spiking;

/// <summary>
/// A liquid of 1000 cells and 16 500 plastic synapses at steps of 1 ms on one core: how much faster than real time, and than Brian2 with
/// its numpy runtime (liquid.py), which simulates the same network under the same input. The two fire the same number of spikes in each
/// second.
/// </summary>
static class LiquidBenchmark
{
    const int Seed = 17, Rounds = 9;

    public static Command Create()
    {
        var command = new Command("liquid", "A plastic liquid of 1000 cells beside Brian2, turn by turn; BRIAN2_PYTHON names the Python.");
        command.SetAction(_ => Run(Harness.Cli.Terminal.Standard.Data));
        return command;
    }

    static void Run(TextWriter output)
    {
        using var brian = Start();
        var (clock, events) = (new Liquid(Engine.ClockDriven), new Liquid(Engine.EventDriven));
        output.WriteLine($"{clock.Plastic} plastic synapses");
        List<double> clockSeconds = [], eventSeconds = [], clockRatios = [], eventRatios = [];
        // The first round is not counted: code is compiled, weights settle.
        for (var round = 0; round <= Rounds; round++)
        {
            var (mine, spikes) = clock.Second();
            var (lazy, same) = events.Second();
            var (theirs, others) = Ask(brian);
            output.WriteLine(Line($"second {round}: {spikes}, {same}, {others} spikes; {mine:F4}, {lazy:F4}, {theirs:F3} s"));
            if (round == 0) continue;
            clockSeconds.Add(mine);
            eventSeconds.Add(lazy);
            clockRatios.Add(theirs / mine);
            eventRatios.Add(theirs / lazy);
        }
        output.WriteLine(Line($"clock-driven: {1 / Median(clockSeconds):F0} x real time, {Median(clockRatios):F0} x Brian2"));
        output.WriteLine(Line($"event-driven: {1 / Median(eventSeconds):F0} x real time, {Median(eventRatios):F0} x Brian2"));
        brian.StandardInput.Close();
        brian.WaitForExit();
    }

    static Process Start() => Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("BRIAN2_PYTHON") ?? "python3",
        ["-W", "ignore", Path.Combine(AppContext.BaseDirectory, "Spiking", "liquid.py"), $"{Seed}"])
    { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;

    static (double Seconds, int Spikes) Ask(Process brian)
    {
        brian.StandardInput.WriteLine("second");
        brian.StandardInput.Flush();
        var answer = brian.StandardOutput.ReadLine()?.Split(' ')
            ?? throw new InvalidOperationException("Brian2 did not answer; set BRIAN2_PYTHON to a Python that has it.");
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), int.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    sealed class Liquid
    {
        readonly Population inputs, cells;
        readonly List<SpikeEvent> train = [];
        readonly Simulator simulator;

        public Liquid(Engine engine)
        {
            var chance = new SampleOrder(Seed);
            var network = new SpikingNetwork(1e-3);
            inputs = network.AddInput("inputs", 100);
            cells = network.AddCells("cells", 1000, new LifCell(20e-3, 20, Refractory: 2e-3));
            Array.Fill(cells.Drive, 13);
            for (var step = 0; step < 1000; step++)
                for (var neuron = 0; neuron < 100; neuron++)
                    if (chance.Unit() < 0.02) train.Add(new(step, neuron));
            network.Connect(inputs, cells, Synapses.Random(100, 1000, 0.1, 8, 1e-3, chance), Receptor.Excitatory);
            foreach (var (first, count, receptor) in new[] { (0, 800, Receptor.Excitatory), (800, 200, Receptor.Inhibitory) })
            {
                var inhibits = receptor == Receptor.Inhibitory;
                var pairs = Synapses.Random(count, 1000, 0.0165, inhibits ? -1.5 : 1.5, 1e-3, chance);
                // Inhibitory weights are negative here, so their rule is mirrored: gains and losses of magnitude.
                var rule = inhibits ? new PairStdp(-0.0105, -0.01, Least: -3, Most: 0) : new PairStdp(0.0105, 0.01, Most: 3);
                network.Connect(cells, cells, pairs with { Sources = Array.ConvertAll(pairs.Sources, source => first + source) }, receptor,
                    rule);
                Plastic += pairs.Count;
            }
            simulator = new(network, engine);
        }

        public int Plastic { get; }

        public (double Seconds, int Spikes) Second()
        {
            simulator.Feed(inputs, train.Select(spike => spike with { Step = simulator.Steps + spike.Step }));
            simulator.Forget();
            var start = Stopwatch.GetTimestamp();
            simulator.Run(1);
            return (Stopwatch.GetElapsedTime(start).TotalSeconds, simulator.Spikes(cells).Spikes.Count);
        }
    }
}
