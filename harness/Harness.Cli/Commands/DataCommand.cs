using System.CommandLine;
using Harness.Datasets.Sources;

namespace Harness.Cli.Commands;

/// <summary>Lists, fetches and verifies datasets; <see cref="DataShowCommand"/> shows one.</summary>
static class DataCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("data", "The datasets: list, show a protocol, fetch, verify.");
        command.Subcommands.Add(List(settings));
        command.Subcommands.Add(DataShowCommand.Create(settings));
        command.Subcommands.Add(Fetch(settings));
        command.Subcommands.Add(Verify(settings));
        return command;
    }

    static Argument<string[]> Ids() => new("id") { Description = "Dataset id; several are allowed.", Arity = ArgumentArity.ZeroOrMore };

    static Option<bool> Everything() => new("--all") { Description = "Every dataset there is." };

    static Command List(Settings settings)
    {
        var command = new Command("list", "List the datasets.");
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            workspace.Print(["dataset", "title", "classes", "samples", "files", "bytes", "licence", "used by"],
                new DatasetShelf(workspace.Catalogue)
                    .All.Select(entry => new { entry.Card, Benchmarks = entry.Benchmarks.Select(benchmark => benchmark.Path) }),
                row => [row.Card.Protocol, row.Card.Title, row.Card.Classes > 0 ? $"{row.Card.Classes}" : "–", Samples(row.Card),
                    $"{row.Card.Files.Count}",
                    Bytes(row.Card), row.Card.Licence, row.Benchmarks.Any() ? string.Join(", ", row.Benchmarks) : "–"]);
            return ExitCodes.Ok;
        });
        return command;
    }

    static string Samples(DatasetCard card) =>
        card.Counts.Count == 0 ? "–" : string.Join(" / ", card.Counts.OrderBy(count => count.Key).Select(count => count.Value));

    static string Bytes(DatasetCard card) => card.Files.Any(file => file.Bytes is null) ? "–" : $"{card.Files.Sum(file => file.Bytes)}";

    static Command Fetch(Settings settings)
    {
        var (ids, everything) = (Ids(), Everything());
        var command = new Command("fetch", "Bring datasets into the cache and verify their checksums.") { ids, everything };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var missing = 0;
            foreach (var entry in Chosen(workspace, parsed.GetValue(ids), parsed.GetValue(everything)))
                try
                {
                    await entry.Dataset.FetchAsync(workspace.Cache, cancellation);
                    workspace.Terminal.Data.WriteLine($"{entry.Card.Id}: here and verified");
                }
                catch (DataUnavailableException exception)
                {
                    missing++;
                    workspace.Terminal.Fail($"{entry.Card.Id}: {exception.Message}");
                }
            return missing == 0 ? ExitCodes.Ok : ExitCodes.Infrastructure;
        });
        return command;
    }

    static Command Verify(Settings settings)
    {
        var (ids, everything) = (Ids(), Everything());
        var command = new Command("verify",
            "Hash every file again and count every sample. What would have to be computed at length is not made: fetch it first.")
        {
            ids, everything,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var rows = new List<DatasetVerification>();
            using (DataSources.Within(DataSources.Default with { Generate = false }))
                foreach (var entry in Chosen(workspace, parsed.GetValue(ids), parsed.GetValue(everything)))
                    rows.Add(await VerifyAsync(workspace, entry, cancellation));
            workspace.Print(["dataset", "files", "hashes", "train", "validation", "test", "classes", "bytes", "licence", "problem"], rows,
                row => [row.Id, $"{row.Files}", $"{row.Hashes}".ToLowerInvariant(), Count(row, Split.Train), Count(row, Split.Validation),
                    Count(row, Split.Test), $"{row.Classes}", $"{row.Bytes}", row.Licence, Problem(row)]);
            workspace.Terminal.Say(string.Join(", ", rows.CountBy(State).Select(count => $"{count.Value} {count.Key}")));
            var passes = rows.TrueForAll(row => row.Problem is null || row.Hashes == HashState.Missing && parsed.GetValue(everything));
            return passes ? ExitCodes.Ok : ExitCodes.VerificationFailed;
        });
        return command;
    }

    static async Task<DatasetVerification> VerifyAsync(Workspace workspace, ShelvedDataset entry, CancellationToken cancellation)
    {
        workspace.Terminal.Say($"verifying {entry.Card.Id}");
        try
        {
            await entry.Dataset.FetchAsync(workspace.Cache, cancellation);
        }
        catch (DataUnavailableException)
        {
            // What is missing is what the row reports, file by file.
        }
        return await DatasetVerification.OfAsync(entry.Dataset, workspace.Cache, cancellation);
    }

    static string State(DatasetVerification row) => row.Problem is null || row.Hashes == HashState.Missing
        ? $"{row.Hashes}".ToLowerInvariant() : "wrong";

    // A missing file is no fault of the set; the whole story is what `harness data fetch` tells.
    static string Problem(DatasetVerification row) => row.Problem is null ? "–" : row.Hashes == HashState.Missing
        ? $"run: harness data fetch {row.Id}" : row.Problem;

    static string Count(DatasetVerification row, Split split) => row.Counts.TryGetValue(split, out var count) ? $"{count}" : "–";

    static IEnumerable<ShelvedDataset> Chosen(Workspace workspace, string[]? ids, bool everything)
    {
        var shelf = new DatasetShelf(workspace.Catalogue);
        if (everything) return shelf.All;
        return ids is { Length: > 0 } ? [.. ids.Select(shelf.Find)]
            : throw new HarnessException("No dataset is named: give ids, or --all for every one; `harness data list` lists them.");
    }
}
