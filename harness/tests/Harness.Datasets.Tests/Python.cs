using System.Diagnostics;

namespace Harness.Datasets.Tests;

/// <summary>An independent reader: Debian's Python with the named modules. A test that needs it skips with a reason without it.</summary>
static class Python
{
    const string Program = "/usr/bin/python3";

    /// <summary>Runs a script and returns what it printed, trimmed.</summary>
    public static async Task<string> RunAsync(string script, string[] modules, params string[] arguments)
    {
        if (!File.Exists(Program)) Assert.Skip($"needs {Program}");
        var (code, output, errors) = await StartAsync(script, arguments);
        foreach (var module in modules)
            if (code != 0 && errors.Contains($"No module named '{module}'")) Assert.Skip(
                $"needs the Python module {module} (apt-get install python3-{module})");
        Assert.True(code == 0, $"the script ended with {code}: {errors}");
        return output.Trim();
    }

    static async Task<(int Code, string Output, string Errors)> StartAsync(string script, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, ["-c", script, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
