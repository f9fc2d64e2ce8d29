using System.CommandLine;
using Harness.Core.Registry;
using Harness.Datasets.Sources;

namespace Harness.Cli.Commands;

/// <summary>Lists, shows, fetches and verifies datasets.</summary>
static class DataCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("data", "The datasets: list, show a protocol, fetch, verify.");
        command.Subcommands.Add(List(settings));
        command.Subcommands.Add(Show(settings));
        command.Subcommands.Add(Fetch(settings));
        command.Subcommands.Add(Verify(settings));
        return command;
    }

    static Argument<string[]> Ids() => new("id") { Description = "Dataset id; several are allowed; none is all.",
        Arity = ArgumentArity.ZeroOrMore };

    static Command List(Settings settings)
    {
        var command = new Command("list", "List the datasets.");
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            workspace.Print(["dataset", "title", "classes", "files", "bytes", "licence"], All(workspace.Catalogue)
                .Select(entry => entry.Card),
                card => [card.Protocol, card.Title, $"{card.Classes}", $"{card.Files.Count}", $"{card.Files.Sum(file => file.Bytes)}",
                    card.Licence]);
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command Show(Settings settings)
    {
        var id = new Argument<string>("id") { Description = "Dataset id." };
        var command = new Command("show", "Show the protocol of a dataset: everything that decides a number.") { id };
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            var card = workspace.Catalogue.Dataset(parsed.GetValue(id)!).Card;
            if (workspace.Json) workspace.Terminal.Json(card);
            else Print(workspace.Terminal, card);
            return ExitCodes.Ok;
        });
        return command;
    }

    static void Print(Terminal terminal, DatasetCard card)
    {
        terminal.Table(["protocol", card.Protocol],
        [
            ["title", card.Title], ["encoding", card.Encoding], ["split rule", card.SplitRule], ["classes", $"{card.Classes}"],
            ["samples", string.Join(", ", card.Counts.Select(count => $"{count.Key.ToString().ToLowerInvariant()} {count.Value}"))],
            ["licence", card.Licence], ["citation", card.Citation], ["stand-in", card.StandIn ? "yes" : "no"],
        ]);
        if (card.Files.Count > 0)
            terminal.Table(["file", "bytes", "hash of the content", "address"],
                [.. card.Files.Select(file => (IReadOnlyList<string>)[file.Name, file.Bytes is { } bytes ? $"{bytes}" : "–",
                    file.Hash ?? "not published", file.Url ?? "–"])]);
    }

    static Command Fetch(Settings settings)
    {
        var ids = Ids();
        var command = new Command("fetch", "Bring datasets into the cache and verify their checksums.") { ids };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var missing = 0;
            foreach (var entry in Chosen(workspace.Catalogue, parsed.GetValue(ids)))
            {
                try
                {
                    await Dataset(workspace.Catalogue, entry).FetchAsync(workspace.Cache, cancellation);
                    workspace.Terminal.Data.WriteLine($"{entry.Card.Id}: here and verified");
                }
                catch (DataUnavailableException exception)
                {
                    missing++;
                    workspace.Terminal.Fail($"{entry.Card.Id}: {exception.Message}");
                }
            }
            return missing == 0 ? ExitCodes.Ok : ExitCodes.Infrastructure;
        });
        return command;
    }

    static Command Verify(Settings settings)
    {
        var ids = Ids();
        var command = new Command("verify", "Hash every file again and count every sample.") { ids };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var rows = new List<DatasetVerification>();
            foreach (var entry in Chosen(workspace.Catalogue, parsed.GetValue(ids)))
            {
                var dataset = Dataset(workspace.Catalogue, entry);
                workspace.Terminal.Say($"verifying {entry.Card.Id}");
                rows.Add(await Row(dataset, workspace.Cache, cancellation));
            }
            workspace.Print(["dataset", "files", "hashes", "train", "validation", "test", "classes", "bytes", "licence", "problem"], rows,
                row => [row.Id, $"{row.Files}", $"{row.Hashes}".ToLowerInvariant(), Count(row, Split.Train), Count(row, Split.Validation),
                    Count(row, Split.Test), $"{row.Classes}", $"{row.Bytes}", row.Licence, row.Problem ?? "–"]);
            return rows.TrueForAll(row => row.Problem is null) ? ExitCodes.Ok : ExitCodes.VerificationFailed;
        });
        return command;
    }

    static async Task<DatasetVerification> Row(IDataset<object> dataset, DirectoryInfo cache, CancellationToken cancellation)
    {
        try
        {
            await dataset.FetchAsync(cache, cancellation);
        }
        catch (DataUnavailableException)
        {
            // What is missing is what the row below reports, file by file.
            return await DatasetVerification.OfAsync(dataset, cache, cancellation);
        }
        return await DatasetVerification.OfAsync(dataset, cache, cancellation);
    }

    static string Count(DatasetVerification row, Split split) => row.Counts.TryGetValue(split, out var count) ? $"{count}" : "–";

    static IEnumerable<DatasetEntry> All(Catalogue catalogue) => catalogue.Datasets.DistinctBy(entry => entry.Card.Id);

    static IEnumerable<DatasetEntry> Chosen(Catalogue catalogue, string[]? ids) =>
        ids is { Length: > 0 } ? ids.Select(catalogue.Dataset) : All(catalogue);

    static IDataset<object> Dataset(Catalogue catalogue, DatasetEntry entry) =>
        catalogue.Benchmark(entry.Suite, entry.Benchmark).Benchmark.Accept(new Finding(entry.Card.Id));

    sealed class Finding(string id) : IBenchmarkVisitor<IDataset<object>>
    {
        public IDataset<object> Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark) =>
            new Untyped<TSample>(benchmark.Datasets.First(dataset => dataset.Card.Id == id));
    }

    /// <summary>Value-type samples have no variance, so the view is a class of its own.</summary>
    sealed class Untyped<TSample>(IDataset<TSample> dataset) : IDataset<object>
    {
        public DatasetCard Card => dataset.Card;
        public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => dataset.FetchAsync(cache, cancellation);
        public IEnumerable<object> Read(DirectoryInfo cache, Split split) => dataset.Read(cache, split).Select(sample => (object)sample!);
    }
}
