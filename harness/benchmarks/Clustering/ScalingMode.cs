using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Harness.Datasets;
using Suites.Clustering;

namespace Harness.Benchmarks.Clustering;

/// <summary>
/// Processor time and memory of clustering families as the number of points doubles: Gaussian clusters in so many dimensions, one thread,
/// each measurement in a process of its own. A family ends at its limit or where one fit takes too long.
/// </summary>
static class ScalingMode
{
    const int Clusters = 10;
    const int Fewest = 1000, Most = 1_024_000;

    static readonly IReadOnlyDictionary<string, IModelFamily<LabeledPoint, ClusterPrediction>> Families =
        Baselines.Of(Clusters, radius: 1.5);

    public static Command Create()
    {
        var only = new Option<string?>("--only") { Description = $"One of {string.Join(", ", Families.Keys)}." };
        var limit = new Option<double>("--limit") { DefaultValueFactory = _ => 10, Description = "A family ends after a fit so long, s." };
        var dimensions = new Option<int>("--dimensions") { DefaultValueFactory = _ => 8, Description = "Of the points." };
        var points = new Option<int?>("--points") { Description = "Measures one fit of --only, in this process.", Hidden = true };
        var command = new Command("scaling", "Time and memory of clustering as the number of points doubles.")
        {
            only, limit, dimensions, points,
        };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(only);
            if (wanted is not null && !Families.ContainsKey(wanted))
            {
                Console.Error.WriteLine($"scaling: there is no family {wanted}; families are {string.Join(", ", Families.Keys)}.");
                return 2;
            }
            if (parsed.GetValue(points) is { } count) Fit(Families[wanted!], count, parsed.GetValue(dimensions));
            else foreach (var name in Families.Keys.Where(name => wanted is null || name == wanted))
                Grow(name, parsed.GetValue(limit), parsed.GetValue(dimensions));
            return 0;
        });
        return command;
    }

    static void Grow(string name, double limit, int dimensions)
    {
        List<(double Points, double Seconds)> seen = [];
        for (var points = Fewest; points <= Most; points *= 2)
        {
            if (Measure(name, points, dimensions) is not (var seconds, var megabytes))
            {
                Console.WriteLine(Text($"{name,-20} {points,9} refused: beyond its limit"));
                break;
            }
            Console.WriteLine(Text($"{name,-20} {points,9} points {seconds,9:0.000} s {megabytes,7:0} MB"));
            seen.Add((points, seconds));
            if (seconds > limit) break;
        }
        // The last three doublings: small sets are all overhead.
        if (seen.Count >= 4)
            Console.WriteLine(Text($"{name,-20} time grows as n^{Math.Log2(seen[^1].Seconds / seen[^4].Seconds) / 3:0.00}"));
    }

    static (double Seconds, double Megabytes)? Measure(string name, int points, int dimensions)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            ["scaling", "--only", name, "--points", Text($"{points}"), "--dimensions", Text($"{dimensions}")])
        { RedirectStandardOutput = true, UseShellExecute = false })!;
        var answer = child.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        child.WaitForExit();
        if (child.ExitCode != 0 || answer.Length < 1)
            throw new InvalidOperationException($"{name} on {points} points ended with {child.ExitCode}.");
        return answer[0] == "refused" ? null
            : (double.Parse(answer[0], CultureInfo.InvariantCulture), double.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    static void Fit(IModelFamily<LabeledPoint, ClusterPrediction> family, int count, int dimensions)
    {
        var data = Draw(count, dimensions);
        var before = Peak();
        var start = Environment.CpuUsage.TotalTime;
        try
        {
            using var model = family.Prepare(new(data, []), new RunContext(1, 1, new(Path.GetTempPath()), TimeProvider.System,
                new Progress<TrainingPoint>(), CancellationToken.None));
            Console.WriteLine(Text($"{(Environment.CpuUsage.TotalTime - start).TotalSeconds} {Math.Max(0, Peak() - before)}"));
        }
        catch (HarnessException)
        {
            Console.WriteLine("refused");
        }
    }

    static LabeledPoint[] Draw(int count, int dimensions)
    {
        var chance = new Chance(1);
        var centers = Enumerable.Range(0, Clusters * dimensions).Select(_ => 10 * chance.Unit()).ToArray();
        return [.. Enumerable.Range(0, count).Select(index => new LabeledPoint(Enumerable.Range(0, dimensions)
            .Select(axis => centers[index % Clusters * dimensions + axis] + chance.Normal()).ToArray(), -1))];
    }

    /// <summary>The largest resident memory of this process so far, MB.</summary>
    static double Peak() => double.Parse(File.ReadLines("/proc/self/status").Single(static line => line.StartsWith("VmHWM:",
        StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
