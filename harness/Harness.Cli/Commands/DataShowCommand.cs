using System.CommandLine;
using System.Globalization;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Shows the protocol of a dataset: everything that decides a number, and how often its test part has been looked at.</summary>
static class DataShowCommand
{
    public static Command Create(Settings settings)
    {
        var id = new Argument<string>("id") { Description = "Dataset id." };
        var command = new Command("show", "Show the protocol of a dataset: everything that decides a number.") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var shelf = new DatasetShelf(workspace.Catalogue);
            var entry = shelf.Find(parsed.GetValue(id)!);
            var touches = TestTouches.Of(await Stores.ReadAllAsync(workspace, new(Protocol: entry.Card.Protocol), cancellation));
            if (workspace.Json) workspace.Terminal.Json(new { entry.Card, entry.Metrics, Variants = shelf.VariantsOf(entry.Card),
                TestTouches = touches });
            else Print(workspace.Terminal, entry, shelf.VariantsOf(entry.Card), touches);
            return ExitCodes.Ok;
        });
        return command;
    }

    static void Print(Terminal terminal, ShelvedDataset entry, IReadOnlyList<string> variants, IReadOnlyList<TestTouch> touches)
    {
        var card = entry.Card;
        terminal.Table(["protocol", card.Protocol], [.. Rows(entry, variants)]);
        if (card.Files.Count > 0)
            terminal.Table(["file", "bytes", "hash of the content", "address"],
                [.. card.Files.Select(file => (IReadOnlyList<string>)[file.Name, file.Bytes is { } bytes ? $"{bytes}" : "not published",
                    file.Hash ?? "not published: recorded at arrival", file.Url ?? "–"])]);
        if (touches.Count == 0) terminal.Say("The test part has not been evaluated in these results.");
        else
            terminal.Table(["family", "evaluations of the test part", "configurations", "seeds", "first", "last"],
                [.. touches.Select(touch => (IReadOnlyList<string>)[touch.Family, $"{touch.Evaluations}", $"{touch.Configurations}",
                    $"{touch.Seeds}",
                    Day(touch.First), Day(touch.Last)])]);
    }

    static IEnumerable<IReadOnlyList<string>> Rows(ShelvedDataset entry, IReadOnlyList<string> variants)
    {
        var card = entry.Card;
        yield return ["title", card.Title];
        yield return ["encoding", card.Encoding];
        yield return ["split rule", card.SplitRule];
        if (card.Counts.Count > 0)
            yield return ["samples",
                string.Join(", ", card.Counts.OrderBy(count => count.Key)
                .Select(count => $"{count.Key.ToString().ToLowerInvariant()} {count.Value}"))];
        if (card.Classes > 0) yield return ["classes", $"{card.Classes}"];
        if (card.Roles is { } roles) yield return ["roles", roles];
        if (card.Tolerance is { } tolerance) yield return ["tolerance", tolerance];
        foreach (var (name, value) in (card.Parameters ?? new Dictionary<string, string>()).OrderBy(parameter => parameter.Key,
            StringComparer.Ordinal))
            yield return [name, value];
        if (entry.Metrics.Count > 0) yield return ["metrics", string.Join(", ", entry.Metrics)];
        if (card.VariantOf is { } original) yield return ["variant of", original];
        if (variants.Count > 0) yield return ["variants", string.Join(", ", variants)];
        yield return ["used by", entry.Benchmarks.Count > 0 ? string.Join(", ", entry.Benchmarks.Select(benchmark => benchmark.Path))
            : "no benchmark yet"];
        yield return ["licence", card.Licence];
        yield return ["citation", card.Citation];
        yield return ["stand-in", card.StandIn ? "yes: its numbers say nothing about the original" : "no"];
        if (card.Version == 0) yield return ["pinned", "not yet: a file's publisher states no hash"];
    }

    static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
