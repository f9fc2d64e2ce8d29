using System.Text;

namespace Harness.Agent.Drivers.Adb;

/// <summary>What a command of a device gave. <paramref name="Code"/> is null where the connection ended before it told.</summary>
sealed record ShellAnswer(int? Code, string Output, string Error);

/// <summary>Runs short commands on a device over <c>shell,v2,raw:</c>, which keeps the two outputs apart and tells the exit code.</summary>
sealed class AdbShell(AdbServer server, string serial)
{
    public const string Feature = "shell_v2";

    /// <exception cref="HarnessException">The command did not end with 0.</exception>
    public async Task<string> RunAsync(string command, CancellationToken cancellation)
    {
        var answer = await TryAsync(command, cancellation);
        return answer.Code == 0
            ? answer.Output
            : throw new HarnessException($"'{command}' ended on the device with {answer.Code?.ToString() ?? "a broken connection"}: " +
                $"{(answer.Error.Length > 0 ? answer.Error : answer.Output).Trim()}");
    }

    public async Task<ShellAnswer> TryAsync(string command, CancellationToken cancellation)
    {
        await using var session = await StartAsync(command, cancellation);
        await session.Input.DisposeAsync();
        using var output = new StreamReader(session.Output, Encoding.UTF8);
        using var error = new StreamReader(session.Error, Encoding.UTF8);
        var texts = await Task.WhenAll(output.ReadToEndAsync(cancellation), error.ReadToEndAsync(cancellation));
        return new(await session.Exit, texts[0], texts[1]);
    }

    public async Task<ShellSession> StartAsync(string command, CancellationToken cancellation) =>
        new(await server.OpenAsync(serial, $"shell,v2,raw:{command}", cancellation));

    /// <summary>A word that the device's shell takes as it is.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''")}'";
}
