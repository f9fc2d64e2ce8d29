using System.Diagnostics;

namespace Harness.Cli;

/// <summary>A Chromium of this machine, for printing pages to PDF and for the tests of the site.</summary>
static class Chromium
{
    /// <summary>What is looked for on the PATH, in this order, where HARNESS_CHROMIUM names none.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

    public static string? ProgramOrNull()
    {
        if (Environment.GetEnvironmentVariable("HARNESS_CHROMIUM") is { Length: > 0 } chosen) return chosen;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Programs.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    /// <exception cref="HarnessException">The browser did not write the file.</exception>
    public static async Task PrintAsync(string program, FileInfo page, FileInfo pdf, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "--headless", "--disable-gpu", "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-sync",
            "--disable-component-update", "--no-pdf-header-footer", $"--print-to-pdf={pdf.FullName}", new Uri(page.FullName).AbsoluteUri,
        ];
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var messages = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        pdf.Refresh();
        if (process.ExitCode != 0 || !pdf.Exists)
            throw new HarnessException($"{program} ended with {process.ExitCode} and wrote no {pdf.Name}: {(await messages).Trim()}");
    }
}
