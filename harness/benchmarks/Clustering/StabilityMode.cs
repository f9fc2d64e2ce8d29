using System.CommandLine;
using System.Globalization;
using Harness.Datasets;
using Suites.Clustering;

namespace Harness.Benchmarks.Clustering;

/// <summary>How alike partitions of the same points are over seeds, orders and subsamples, on generated sets.</summary>
static class StabilityMode
{
    static readonly IReadOnlyList<(PointClouds Set, int Clusters, double Radius)> Sets =
        [(PointClouds.Blobs, 5, 0.5), (PointClouds.UnequalBlobs, 5, 0.5), (PointClouds.Moons, 2, 0.15), (PointClouds.Rings, 2, 0.3)];

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { DefaultValueFactory = _ => 5, Description = "Partitions that are compared; at least 2." };
        var only = new Option<string?>("--only") { Description = $"One of {string.Join(", ", Baselines.Of(1, 1).Keys)}." };
        var command = new Command("stability", "Agreement of clusterings over seeds, orders and subsamples.") { runs, only };
        command.SetAction(parsed =>
        {
            var (count, wanted) = (parsed.GetValue(runs), parsed.GetValue(only));
            if (count < 2 || wanted is not null && !Baselines.Of(1, 1).ContainsKey(wanted))
            {
                Console.Error.WriteLine($"stability: --runs is {count}, allowed is 2 or more; --only is {wanted}, allowed are "
                    + $"{string.Join(", ", Baselines.Of(1, 1).Keys)}.");
                return 2;
            }
            Report(count, wanted);
            return 0;
        });
        return command;
    }

    static void Report(int runs, string? only)
    {
        Console.WriteLine($"{"set",-16}{"family",-20}{"seeds",8}{"orders",8}{"subsamples",12}");
        foreach (var (set, clusters, radius) in Sets)
        {
            LabeledPoint[] points = [.. set.Read(new(Path.GetTempPath()), Split.Test)];
            foreach (var (name, family) in Baselines.Of(clusters, radius).Where(one => only is null || one.Key == only))
            {
                var stability = new PartitionStability(family, points, runs, CancellationToken.None);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{set.Card.Id,-16}{name,-20}{stability.OverSeeds(),8:0.000}"
                    + $"{stability.OverOrders(),8:0.000}{stability.OverSubsamples(),12:0.000}"));
            }
        }
    }
}
