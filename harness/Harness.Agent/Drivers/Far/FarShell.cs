using System.Security.Cryptography;
using System.Text;

namespace Harness.Agent.Drivers.Far;

/// <summary>What drivers do with a shell elsewhere, whatever carries it.</summary>
static class FarShell
{
    public static async Task<ShellAnswer> TryAsync(this IFarShell shell, string command, CancellationToken cancellation)
    {
        await using var session = await shell.StartAsync(command, cancellation);
        await session.Input.DisposeAsync();
        using var output = new StreamReader(session.Output, Encoding.UTF8);
        using var error = new StreamReader(session.Error, Encoding.UTF8);
        var texts = await Task.WhenAll(output.ReadToEndAsync(cancellation), error.ReadToEndAsync(cancellation));
        return new(await session.Exit, texts[0], texts[1]);
    }

    /// <exception cref="HarnessException">The command did not end with 0.</exception>
    public static async Task<string> RunAsync(this IFarShell shell, string command, CancellationToken cancellation)
    {
        var answer = await shell.TryAsync(command, cancellation);
        return answer.Code == 0
            ? answer.Output
            : throw new HarnessException($"'{command}' ended on the device with {answer.Code?.ToString() ?? "a broken connection"}: " +
                (answer.Error.Length > 0 ? answer.Error : answer.Output).Trim());
    }

    /// <summary>
    /// Sends a file unless the other side holds one with the same content under this path. What was sent is believed only when the other
    /// side itself computes its hash.
    /// </summary>
    /// <returns>True when it had to be sent.</returns>
    /// <exception cref="HarnessException">It is refused, or something else arrived.</exception>
    public static async Task<bool> PushAsync(this IFarShell shell, FileInfo file, string path, CancellationToken cancellation)
    {
        var hash = await HashAsync(file, cancellation);
        if (await shell.HashOrNullAsync(path, cancellation) == hash) return false;
        // A name of its own until it is whole: a push that is cut off must not look like a file.
        var part = $"{path}.part";
        await shell.SendAsync(file, part, cancellation);
        if (await shell.HashOrNullAsync(part, cancellation) is var arrived && arrived != hash)
            throw new HarnessException($"{file.Name} arrived at {path} as {arrived ?? "nothing"}, it is {hash}: push again, or check " +
                "the connection.");
        await shell.RunAsync($"chmod 755 {Quote(part)} && mv {Quote(part)} {Quote(path)}", cancellation);
        return true;
    }

    /// <summary>SHA-256 of a file as the other side computes it; null where there is no such file.</summary>
    public static async Task<string?> HashOrNullAsync(this IFarShell shell, string path, CancellationToken cancellation)
    {
        var answer = await shell.TryAsync($"sha256sum < {Quote(path)}", cancellation);
        return answer is { Code: 0, Output.Length: >= 64 } ? answer.Output[..64] : null;
    }

    /// <summary>A word that a shell takes as it is.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''")}'";

    static async Task<string> HashAsync(FileInfo file, CancellationToken cancellation)
    {
        if (!file.Exists) throw new HarnessException($"There is no file {file.FullName} to push: publish Harness.Device for the device.");
        await using var content = file.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }
}
