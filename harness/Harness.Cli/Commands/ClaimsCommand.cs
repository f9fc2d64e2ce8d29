using System.CommandLine;
using System.Globalization;
using Harness.Publishing.Reports;

namespace Harness.Cli.Commands;

/// <summary>Checks the claims files: are they well formed, and does every recorded number still follow from the stored runs?</summary>
static class ClaimsCommand
{
    public static Command Create(Settings settings) => new("claims",
        "What papers claim, and whether our recorded numbers still hold.") { Check(settings) };

    static Command Check(Settings settings)
    {
        var only = new Argument<string[]>("paper") { Description = "Ids or files; all of results/claims without one.",
            Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("check", "Derive every claimed number again; exit code 7 if a recorded one changed.") { only };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var files = parsed.GetValue(only) is { Length: > 0 } names ? [.. names.Select(YamlClaims.Find)] : YamlClaims.All();
            if (files.Count == 0) throw new HarnessException("There is no claims file in results/claims.");
            var sets = files.Select(YamlClaims.Read).ToList();
            var runs = await Stores.ReadAllAsync(workspace, new(), cancellation);
            var rows = sets.SelectMany(set => set.Claims.Select(claim => (Set: set.Id, Result: ClaimResult.Of(claim, runs)))).ToList();
            workspace.Print(["paper", "claim", "in the paper", "ours", "seeds", "verdict", "recorded"],
                rows.Select(row => new
                {
                    Paper = row.Set, Claim = row.Result.Claim.Id, row.Result.Claim.Value, row.Result.Claim.Unit, Ours = row.Result.Value,
                    Seeds = row.Result.Runs.Count, Verdict = row.Result.Word, row.Result.Claim.Recorded, row.Result.Changed, row.Result,
                }),
                row => [row.Paper, row.Claim, row.Result.Paper, row.Result.Ours, $"{row.Seeds}", row.Verdict, Recorded(row.Result)]);
            var changed = rows.Where(row => row.Result.Changed).ToList();
            foreach (var (set, result) in changed)
                workspace.Terminal.Fail($"{set}/{result.Claim.Id}: {Exact(result.Claim.Recorded!.Value)} was recorded, " +
                    "but the stored runs yield " +
                    (result.Value is { } value ? Exact(value) : "nothing") + ". Find out why before you change the claims file.");
            return changed.Count == 0 ? ExitCodes.Ok : ExitCodes.ClaimsFailed;
        });
        return command;
    }

    static string Recorded(ClaimResult result) => result.Claim.Recorded is null ? "nothing" : result.Changed ? "CHANGED" : "holds";

    static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
