using System.Globalization;

namespace Harness.Datasets.Signals;

/// <summary>
/// Tasks on which reservoirs are measured. Each part is one series from a stream of its own (SplitMix64); the system is read, never reset.
/// </summary>
public sealed class GeneratedSignals : IDataset<SignalSeries>
{
    const int Washout = 200;
    /// <summary>Until the systems have forgotten their start.</summary>
    const int Transient = 1000;
    const int MackeyDelay = 17, MackeyAhead = 84, StepsOfUnit = 10;

    readonly Func<Chance, int, SignalSeries> _make;

    GeneratedSignals(string id, string title, string citation, string encoding, int train, Func<Chance, int, SignalSeries> make)
    {
        _make = make;
        Card = new(id, 1, title)
        {
            Licence = "generated: no licence needed", Citation = citation, Encoding = encoding,
            SplitRule = string.Create(CultureInfo.InvariantCulture, $"generated: one series each of {train} steps (train), {train / 2} "
                + $"(validation, test) after {Washout} that are not scored; SplitMix64 seeds 1 (train), 2 (validation), 3 (test)"),
            Counts = new Dictionary<Split, int> { [Split.Train] = 1, [Split.Validation] = 1, [Split.Test] = 1 },
            Parameters = new Dictionary<string, string> { ["steps of training"] = train.ToString(CultureInfo.InvariantCulture) },
        };
        Length = train;
    }

    /// <summary>What was heard 1 to 100 steps ago.</summary>
    public static GeneratedSignals Memory { get; } = new("memory-100", "Short-term memory, 100 delays",
        "Jaeger: Short term memory in echo state networks, 2001",
        "float64 [step], uniform in -1..1; targets [step, 100 output], output k is the input k steps ago",
        4000, (chance, steps) => Delayed(chance, steps, 100));

    public static GeneratedSignals Narma { get; } = new("narma-10", "NARMA of order 10",
        "Atiya, Parlos: New results on recurrent network training, IEEE Trans. Neural Networks 2000",
        "float64 [step], uniform in 0..0.5; targets [step, 1 output]: y' = 0.3 y + 0.05 y (sum of the last 10 y) + 1.5 u(t-9) u(t) + 0.1",
        4000, Autoregression);

    /// <summary>84 steps ahead, a step being 1 unit of time.</summary>
    public static GeneratedSignals MackeyGlass { get; } = new("mackey-glass-84", "Mackey-Glass, 84 steps ahead",
        "Mackey, Glass: Oscillation and chaos in physiological control systems, Science 1977; Jaeger, Haas, Science 2004",
        "float64 [step], unit of time: x' = 0.2 x(t-17) / (1 + x(t-17)^10) - 0.1 x, Runge-Kutta steps of 0.1, seen every 1; "
            + "input x - 0.9; targets [step, 1 output]: x(t+84) - 0.9", 4000,
        Delayed);

    public static IReadOnlyList<GeneratedSignals> All { get; } = [Memory, Narma, MackeyGlass];

    public DatasetCard Card { get; }

    int Length { get; }

    /// <summary>Nothing is fetched: the series are computed.</summary>
    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

    public IEnumerable<SignalSeries> Read(DirectoryInfo cache, Split split)
    {
        var chance = Chance.Of(split);
        yield return _make(chance, Washout + (split == Split.Train ? Length : Length / 2));
    }

    static SignalSeries Delayed(Chance chance, int steps, int delays)
    {
        double[] heard = [.. Enumerable.Range(0, steps + delays).Select(_ => 2 * chance.Unit() - 1)];
        var targets = new double[steps * delays];
        for (var step = 0; step < steps; step++)
            for (var delay = 1; delay <= delays; delay++) targets[step * delays + delay - 1] = heard[delays + step - delay];
        return new(heard.AsMemory(delays), targets, delays, Washout);
    }

    static SignalSeries Autoregression(Chance chance, int steps)
    {
        var (inputs, outputs) = (new double[Transient + steps], new double[Transient + steps]);
        for (var step = 0; step < inputs.Length; step++) inputs[step] = 0.5 * chance.Unit();
        for (var step = 9; step < inputs.Length - 1; step++)
        {
            var last = outputs.AsSpan(step - 9, 10);
            var sum = 0.0;
            foreach (var value in last) sum += value;
            outputs[step + 1] = 0.3 * outputs[step] + 0.05 * outputs[step] * sum + 1.5 * inputs[step - 9] * inputs[step] + 0.1;
        }
        // The output of a step answers the input of that step.
        return new(inputs.AsMemory(Transient - 1, steps), outputs.AsMemory(Transient, steps), 1, Washout);
    }

    static SignalSeries Delayed(Chance chance, int steps)
    {
        var seen = Mackey(chance, Transient + steps + MackeyAhead);
        double[] centred = [.. seen.Select(value => value - 0.9)];
        return new(centred.AsMemory(Transient, steps), centred.AsMemory(Transient + MackeyAhead, steps), 1, Washout);
    }

    // The delayed value is taken from the grid, and between its points as the mean of two neighbours.
    static double[] Mackey(Chance chance, int units)
    {
        var (delay, h) = (MackeyDelay * StepsOfUnit, 1.0 / StepsOfUnit);
        var x = new double[delay + 1 + units * StepsOfUnit];
        for (var at = 0; at <= delay; at++) x[at] = 1.2 + 0.2 * (chance.Unit() - 0.5);
        for (var at = delay; at < x.Length - 1; at++)
        {
            var (first, last) = (x[at - delay], x[at - delay + 1]);
            var middle = (first + last) / 2;
            var k1 = Slope(x[at], first);
            var k2 = Slope(x[at] + h / 2 * k1, middle);
            var k3 = Slope(x[at] + h / 2 * k2, middle);
            var k4 = Slope(x[at] + h * k3, last);
            x[at + 1] = x[at] + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        }
        return [.. Enumerable.Range(0, units).Select(unit => x[delay + unit * StepsOfUnit])];

        static double Slope(double now, double before) => 0.2 * before / (1 + Math.Pow(before, 10)) - 0.1 * now;
    }
}
