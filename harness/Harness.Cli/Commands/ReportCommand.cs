using System.CommandLine;
using System.Security.Cryptography;
using Harness.Publishing.Reports;

namespace Harness.Cli.Commands;

/// <summary>Writes a reproducibility report for a paper from its claims and the stored runs.</summary>
static class ReportCommand
{
    const string Manifest = "archive-manifest.sha256";

    public static Command Create(Settings settings)
    {
        var paper = new Option<string>("--paper") { Description = "Id of the paper: the name of a file in results/claims.",
            Required = true };
        var claims = new Option<string?>("--claims") { Description = "Another claims file." };
        var output = new Option<DirectoryInfo?>("--output",
            "-o") { Description = "Folder of the report (default: artifacts/reports/ID of the checkout)." };
        var pdf = new Option<bool>("--no-pdf") { Description = "Do not print the page to report.pdf." };
        var command = new Command("report", "Write a reproducibility report: claims, verdicts, everything that was run.") { paper, claims,
            output, pdf };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var set = YamlClaims.Read(YamlClaims.Find(parsed.GetValue(claims) ?? parsed.GetValue(paper)!));
            if (set.Id != parsed.GetValue(paper))
                throw new HarnessException($"The claims are of '{set.Id}', not of '{parsed.GetValue(paper)}'.");
            var folder = parsed.GetValue(output) ?? new DirectoryInfo(Path.Combine(Settings.Checkout(), "artifacts", "reports", set.Id));
            var report = await ReadAsync(workspace, set, cancellation);
            var files = await report.WriteAsync(folder, PublishCommand.Reproduce, cancellation);
            if (!parsed.GetValue(pdf)) files = [.. files, .. await PrintAsync(workspace, folder, cancellation)];
            await SignOffAsync(folder, files, cancellation);
            workspace.Terminal.Say($"{files.Count} files; {report.Results.Count} claims, {report.Attempts.Count} runs");
            await workspace.Terminal.Data.WriteLineAsync(new Uri(Path.Combine(folder.FullName, "report.html")).AbsoluteUri);
            return report.Changed.Count == 0 ? ExitCodes.Ok : ExitCodes.ClaimsFailed;
        });
        return command;
    }

    public static async Task<Report> ReadAsync(Workspace workspace, ClaimSet set, CancellationToken cancellation)
    {
        var runs = await Stores.ReadAllAsync(workspace, new(), cancellation);
        // As new as its newest run, so that the same runs give the same bytes.
        return new Report(set, runs, runs.Count == 0 ? DateTimeOffset.UnixEpoch : runs.Max(run => run.Ended));
    }

    static async Task<IReadOnlyList<string>> PrintAsync(Workspace workspace, DirectoryInfo folder, CancellationToken cancellation)
    {
        if (Chromium.ProgramOrNull() is not { } program)
        {
            workspace.Terminal.Say("report.pdf was not written: no Chromium on the PATH; report.html prints from any browser");
            return [];
        }
        await Chromium.PrintAsync(program, new(Path.Combine(folder.FullName, "report.html")), new(Path.Combine(folder.FullName,
            "report.pdf")), cancellation);
        return ["report.pdf"];
    }

    static async Task SignOffAsync(DirectoryInfo folder, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        var lines = new List<string>();
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var content = await File.ReadAllBytesAsync(Path.Combine(folder.FullName, file), cancellation);
            lines.Add($"{Convert.ToHexStringLower(SHA256.HashData(content))}  {file}\n");
        }
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, Manifest), string.Concat(lines), cancellation);
    }
}
