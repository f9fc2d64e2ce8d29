using System.CommandLine;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Checks every stored file against its hash, the chain and the signatures, and on request every score against its
/// predictions.</summary>
static class VerifyCommand
{
    public static Command Create(Settings settings)
    {
        var trust = new Option<FileSystemInfo[]>("--trust")
        {
            Description = "Public keys (PEM), or folders of them, whose signatures count besides your own; `harness key` prints one.",
        }.AcceptExistingOnly();
        var signed = new Option<bool>("--require-signature") { Description = "A run without a signature is a problem." };
        var rescore = new Option<bool>("--rescore")
        { Description = "Also compute every score again from the stored predictions and the dataset, which must be at hand." };
        var command = new Command("verify", "Check every stored result against its hashes, signatures and the chain of runs.")
        { trust, signed, rescore };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var trusted = SigningKeys.Trust(parsed.GetValue(trust) ?? [], parsed.GetValue(signed));
            var problems = new List<ResultProblem>();
            foreach (var folder in Stores.Existing(workspace))
            {
                using var store = ResultStore.OpenForReading(folder);
                var report = await store.VerifyAsync(trusted, cancellation);
                problems.AddRange(report.Problems);
                Say(workspace.Terminal, report, trusted);
            }
            if (parsed.GetValue(rescore)) problems.AddRange(await Rescoring.RunAsync(workspace, cancellation));
            workspace.Print(["folder", "file", "problem"], problems, problem => [problem.Folder, problem.File, problem.Message]);
            workspace.Terminal.Say(problems.Count == 0 ? "every stored result is as it was written" : $"{problems.Count} problems");
            return problems.Count == 0 ? ExitCodes.Ok : ExitCodes.VerificationFailed;
        });
        return command;
    }

    static void Say(Terminal terminal, VerificationReport report, Trust trust)
    {
        var signers = report.Signed.OrderBy(signer => signer.Key, StringComparer.Ordinal)
            .Select(signer => $"{signer.Value} by key {signer.Key}{(trust.Keys.Any(key => key.Id == signer.Key) ? " (trusted)" : "")}");
        terminal.Say($"{report.Runs} runs; signed: {string.Join(", ", signers.DefaultIfEmpty("none"))}; unsigned: {report.Unsigned}");
        if (report.Signed.Count > 0 && trust.Keys.Count == 0)
            terminal.Say("the signatures are consistent, but you trust no key yet: give --trust the public key of who measured");
    }
}
