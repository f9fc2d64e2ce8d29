using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Architecture.Tests;

public sealed partial class ContributingTests
{
    /// <summary>Builds exactly the files that CONTRIBUTING.md shows and runs its plan as a user would.</summary>
    [Fact]
    public async Task The_family_shown_in_contributing_builds_and_runs()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("my-lab-");
        try
        {
            foreach (var (name, text) in FilesOf(await File.ReadAllTextAsync(Path.Combine(Repository.Root.FullName, "CONTRIBUTING.md"),
                cancellation)))
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text, cancellation);
            Assert.Equal(3, folder.GetFiles().Length);

            var build = await Run("dotnet", ["build", "MyLab.csproj", "-o", "out", "-p:Harness=" + AppContext.BaseDirectory.TrimEnd('/')],
                folder, cancellation);
            Assert.True(build.Code == 0, build.Text);
            var list = await Run(HarnessProgram, ["list", "families", "--plugin", "out/MyLab.dll", "--json"], folder, cancellation);
            Assert.Contains("nearest-mean", list.Text);

            var data = Path.Combine(Repository.Root.FullName, "..", "shared", "data");
            var given = Environment.GetEnvironmentVariable("HARNESS_DATA") ?? data;
            if (!File.Exists(Path.Combine(given, "mnist", "train-images-idx3-ubyte.gz")))
                Assert.Skip($"the example was built and listed, but not run: no mnist under HARNESS_DATA ({given})");
            var run = await Run(HarnessProgram, ["run", "--plugin", "out/MyLab.dll", "--plan", "my-lab.yaml", "--limit", "500",
                "--results", "results",
                "--json"], folder, cancellation);
            Assert.True(run.Code == 0, run.Text);
            Assert.Equal(2, Accuracy().Count(run.Text));
            Assert.All(Accuracy().Matches(run.Text), match => Assert.InRange(double.Parse(match.Groups["value"].Value), 0.6, 0.95));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string HarnessProgram => Path.Combine(AppContext.BaseDirectory, "harness");

    static IEnumerable<(string Name, string Text)> FilesOf(string markdown) =>
        FileBlock().Matches(markdown).Select(match => (match.Groups["name"].Value, match.Groups["text"].Value));

    static async Task<(int Code, string Text)> Run(string program, string[] arguments, DirectoryInfo folder, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.FullName, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output + await errors);
    }

    [GeneratedRegex("^`(?<name>[A-Za-z-]+\\.(cs|csproj|yaml))`:\\n```[a-z]+\\n(?<text>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex FileBlock();

    [GeneratedRegex("\"accuracy\": (?<value>[0-9.]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Accuracy();
}
