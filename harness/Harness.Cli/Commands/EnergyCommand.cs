using System.CommandLine;

namespace Harness.Cli.Commands;

/// <summary>Energy estimates from stored counts: nothing is run, and nothing of it was frozen into the run.</summary>
static class EnergyCommand
{
    sealed record Line(string Site, string Model, int Version, double? Low, double? Mid, double? High, string Unit, string? Reason);

    public static Command Create(Settings settings)
    {
        var command = new Command("energy", "Energy estimates: the models, a run under every model, two runs under one model.");
        command.Subcommands.Add(Models(settings));
        command.Subcommands.Add(Show(settings));
        command.Subcommands.Add(Compare(settings));
        command.Subcommands.Add(Meters(settings));
        return command;
    }

    static Command Models(Settings settings)
    {
        var id = new Argument<string?>("model") { Description = "One model, with its constants.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("models", "Every energy model, what it counts and what it rests on.") { id };
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            if (parsed.GetValue(id) is { } word)
            {
                var model = Find(word);
                workspace.Terminal.Say($"{model.Card.Title}: {model.Basis.Scope}");
                workspace.Print(["constant", "low", "mid", "high", "unit", "source"], model.Basis.Constants,
                    constant => [constant.Name, $"{constant.Low:G6}", $"{constant.Mid:G6}", $"{constant.High:G6}", constant.Unit,
                        constant.Source]);
                return ExitCodes.Ok;
            }
            workspace.Print(["model", "unit", "machine", "constants", "source"], Devices.AllEnergyModels.Select(model =>
                    new { model.Card.Id, model.Card.Unit, model.Basis.Regime, Constants = model.Basis.Constants.Count,
                        model.Basis.Citation }),
                row => [row.Id, row.Unit, row.Regime, $"{row.Constants}", row.Citation.Length == 0 ? "nothing is published"
                    : row.Citation]);
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command Show(Settings settings)
    {
        var id = new Argument<string>("run") { Description = "Run id, the end of one, or `latest`." };
        var command = new Command("show", "One run under every model, with the range that its constants span.") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var run = await Stores.FindAsync(workspace, parsed.GetValue(id)!, detail: false, cancellation);
            var counts = CountsOf(run);
            workspace.Terminal.Say("Joules of different models speak of different machines; they do not compare.");
            workspace.Print(["site", "model", "low", "estimate", "high", "why not"], Sites(counts).SelectMany(site =>
                    Devices.AllEnergyModels.Select(model => Of(model, site.Name, site.Counts))),
                line => [line.Site, line.Model, Number(line.Low, line.Unit), Number(line.Mid, line.Unit), Number(line.High, line.Unit),
                    line.Reason ?? "–"]);
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command Compare(Settings settings)
    {
        var (one, other) = (new Argument<string>("first") { Description = "Run, or run@model." },
            new Argument<string>("second") { Description = "The other run, or run@model." });
        var option = new Option<string>("--model") { Description = "The model that both are put under.",
            DefaultValueFactory = _ => Devices.EnergyModels[0].Card.Id };
        var command = new Command("compare", "Two runs under one model: the ratio, and whether their ranges leave it open who needs less.")
        { one, other, option };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var (first, second) = (Split(parsed.GetValue(one)!, parsed.GetValue(option)!), Split(parsed.GetValue(other)!,
                parsed.GetValue(option)!));
            if (first.Model.Card.Id != second.Model.Card.Id)
                throw new HarnessException(
                    $"{first.Model.Card.Id} and {second.Model.Card.Id} estimate two different machines: their joules "
                    + "do not compare. Put both runs under one model with --model.");
            var (a, b) = (await EstimateAsync(workspace, first, cancellation), await EstimateAsync(workspace, second, cancellation));
            var unit = first.Model.Card.Unit;
            workspace.Print(["run", "low", "estimate", "high"], [(first.Run, Estimate: a), (second.Run, Estimate: b)],
                row => [row.Run, Number(row.Estimate.Low, unit), Number(row.Estimate.Mid, unit), Number(row.Estimate.High, unit)]);
            var open = a.Low <= b.High && b.Low <= a.High;
            workspace.Terminal.Say($"{first.Model.Card.Title}: the second needs {b.Mid / a.Mid:0.###} times the first"
                + (open ? "; the ranges of the constants overlap, so that they alone could turn it" : "") + ".");
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command Meters(Settings settings)
    {
        var command = new Command("meters", "The energy meters of this machine, or why there are none.");
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            workspace.Print(["kind", "meter", "covers", "tier", "period", "reading", "why not"], Devices.Meters.SelectMany(Look),
                row => [row.Kind, row.Meter ?? "–", row.Scope ?? "–", row.Tier ?? "–", row.Period ?? "–", row.Reading ?? "–",
                    row.Reason ?? "–"]);
            return ExitCodes.Ok;
        });
        return command;
    }

    sealed record Found(string Kind, string? Meter, string? Scope, string? Tier, string? Period, string? Reading, string? Reason);

    static IEnumerable<Found> Look(Harness.Agent.Measuring.Meters.IMeterKind kind)
    {
        var meters = kind.Find(out var absent);
        foreach (var meter in meters)
        {
            var sample = meter.Read(0);
            yield return new(kind.Name, meter.Card.Id, meter.Card.Scope, meter.Card.Tier, $"{meter.Card.Period.TotalMilliseconds:0} ms",
                sample.Joules is { } joules ? $"{joules:0.###} J" : sample.Watts is { } watts ? $"{watts:0.###} W" : null, sample.Reason);
            meter.Dispose();
        }
        if (absent is not null) yield return new(kind.Name, null, null, null, null, null, absent);
    }

    static (string Run, IEnergyModel Model) Split(string word, string model) => word.Split('@', 2) is [var run, var own]
        ? (run, Find(own)) : (word, Find(model));

    static async Task<EnergyEstimate> EstimateAsync(Workspace workspace, (string Run, IEnergyModel Model) what,
        CancellationToken cancellation)
    {
        var run = await Stores.FindAsync(workspace, what.Run, detail: false, cancellation);
        var estimate = what.Model.Estimate(CountsOf(run));
        return estimate.Mid is not null ? estimate
            : throw new HarnessException($"{what.Model.Card.Id} has no estimate for run {run.RunId}: {estimate.Reason}");
    }

    /// <summary>The device alone, and the host of a board where it computed layers: their joules are apart.</summary>
    static IEnumerable<(string Name, OperationCounts Counts)> Sites(OperationCounts counts) => counts.Layers
        .Select(layer => layer.Site).Distinct().Order(StringComparer.Ordinal).Select(site => (site ?? "device", counts.At(site)));

    static Line Of(IEnergyModel model, string site, OperationCounts counts)
    {
        var estimate = model.Estimate(counts);
        return new(site, model.Card.Id, model.Card.Version, estimate.Low, estimate.Mid, estimate.High, model.Card.Unit, estimate.Reason);
    }

    static OperationCounts CountsOf(RunRecord run) => run.Operations
        ?? throw new HarnessException($"Run {run.RunId} of {run.Trial.Family} has no operation counts: its family does not count them, or "
            + "the run did not end well.");

    static IEnergyModel Find(string id) => Devices.AllEnergyModels.FirstOrDefault(model => model.Card.Id == id)
        ?? throw new HarnessException($"No energy model '{id}'; there are "
            + $"{string.Join(", ", Devices.AllEnergyModels.Select(model => model.Card.Id))}.");

    static string Number(double? value, string unit) => value is { } number ? Numbers.Of(number, unit) : "–";
}
