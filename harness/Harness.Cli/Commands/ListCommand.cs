using System.CommandLine;
using Harness.Core.Registry;

namespace Harness.Cli.Commands;

/// <summary>Prints the catalogue.</summary>
static class ListCommand
{
    static readonly string[] Kinds = ["suites", "families", "datasets", "metrics", "plans"];

    public static Command Create(Settings settings)
    {
        var kind = new Argument<string>("kind") { Description = string.Join(" | ", Kinds), DefaultValueFactory = _ => "families" };
        kind.AcceptOnlyFromAmong(Kinds);
        var command =
            new Command("list", "List what can be run: suites, families with their hyper-parameters, datasets, metrics, plans.") { kind };
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            Print(parsed.GetValue(kind)!, workspace);
            return ExitCodes.Ok;
        });
        return command;
    }

    static void Print(string kind, Workspace workspace)
    {
        if (kind == "plans")
        {
            PrintPlans(workspace);
            return;
        }
        var catalogue = workspace.Catalogue;
        Action print = kind switch
        {
            "suites" => () => workspace.Print(["suite", "benchmark", "title", "datasets", "families", "metrics"],
                catalogue.Benchmarks.Select(entry => new
                {
                    entry.Suite, entry.Id, entry.Title, Datasets = entry.Datasets.Count, Families = entry.Families.Count,
                        Metrics = entry.Metrics.Count,
                }),
                row => [row.Suite, row.Id, row.Title, $"{row.Datasets}", $"{row.Families}", $"{row.Metrics}"]),
            "families" => () => PrintFamilies(workspace, catalogue),
            "datasets" => () =>
                workspace.Print(["suite", "benchmark", "dataset", "title", "classes", "train", "validation", "test", "licence"],
                catalogue.Datasets, entry => [entry.Suite, entry.Benchmark, entry.Card.Protocol, entry.Card.Title, $"{entry.Card.Classes}",
                    Count(entry.Card, Split.Train), Count(entry.Card, Split.Validation), Count(entry.Card, Split.Test),
                        entry.Card.Licence]),
            _ => () => workspace.Print(["suite", "benchmark", "metric", "title", "unit", "better", "definition"],
                catalogue.Metrics, entry => [entry.Suite, entry.Benchmark, $"{entry.Card.Id}@{entry.Card.Version}", entry.Card.Title,
                    entry.Card.Unit,
                    $"{entry.Card.Direction}".ToLowerInvariant(), entry.Card.Definition]),
        };
        print();
    }

    static void PrintFamilies(Workspace workspace, Catalogue catalogue) =>
        workspace.Print(["suite", "benchmark", "family", "kind", "title", "hyper-parameters"],
            catalogue.Families.Select(entry => new { entry.Suite, entry.Benchmark, Family = entry.Reference, entry.Card.Kind,
                entry.Card.Title, entry.Parameters }),
            row => [row.Suite, row.Benchmark, row.Family, row.Kind, row.Title,
                string.Join(", ", row.Parameters.Select(parameter => $"{parameter.Name}={parameter.Default.GetRawText()}"))]);

    static void PrintPlans(Workspace workspace)
    {
        var folder = new DirectoryInfo(Path.Combine(Settings.Checkout(), "results", "plans"));
        var plans = folder.Exists ? folder.EnumerateFiles("*.yaml").OrderBy(file => file.Name, StringComparer.Ordinal).ToList() : [];
        workspace.Print(["plan", "about"],
            plans.Select(file => new
            {
                Plan = Path.GetFileNameWithoutExtension(file.Name),
                About = File.ReadLines(file.FullName).FirstOrDefault("").TrimStart('#', ' '),
            }),
            row => [row.Plan, row.About]);
    }

    static string Count(DatasetCard card, Split split) => card.Counts.TryGetValue(split, out var count) ? $"{count}" : "–";
}
