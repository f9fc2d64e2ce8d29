using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Harness.Agent.Drivers.Far;

namespace Harness.Agent.Drivers.Ssh;

/// <summary>The shell of a host through the system's ssh client, which brings the user's keys, jumps and configuration.</summary>
sealed class SshShell(SshOptions host) : IFarShell
{
    /// <summary>What ssh ends with when the connection failed; a command that itself ends so cannot be told from it.</summary>
    const int ConnectionFailed = 255;

    public Task<IFarCommand> StartAsync(string command, CancellationToken cancellation) =>
        Task.FromResult<IFarCommand>(new Session(Start("ssh", [.. Arguments("-p"), "-T", host.Host, command])));

    public async Task SendAsync(FileInfo file, string path, CancellationToken cancellation)
    {
        await using var session = new Session(Start("sftp", [.. Arguments("-P"), "-q", "-b", "-", host.Host]));
        await using (var batch = new StreamWriter(session.Input))
            await batch.WriteAsync($"put \"{file.FullName}\" \"{path}\"\n");
        using var error = new StreamReader(session.Error);
        var text = await error.ReadToEndAsync(cancellation);
        if (await session.Exit is var code and not 0)
            throw new HarnessException($"sftp could not put {file.Name} to {host.Host}:{path} (code {code ?? ConnectionFailed}): " +
                text.Trim());
    }

    IEnumerable<string> Arguments(string port)
    {
        string[] options = ["BatchMode=yes", "StrictHostKeyChecking=yes", "ServerAliveInterval=15", "ServerAliveCountMax=3",
            "ConnectTimeout=20"];
        foreach (var option in options) yield return $"-o{option}";
        if (host.KnownHosts is { } known) yield return $"-oUserKnownHostsFile={known}";
        if (host.Identity is { } identity)
        {
            yield return "-oIdentitiesOnly=yes";
            yield return $"-oIdentityFile={identity}";
        }
        if (host.Port is not { } number) yield break;
        yield return port;
        yield return number.ToString(CultureInfo.InvariantCulture);
    }

    static Process Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            })!;
        }
        catch (Win32Exception error)
        {
            throw new HarnessException($"'{program}' cannot be started: {error.Message}. Install the client of OpenSSH.", error);
        }
    }

    sealed class Session(Process process) : IFarCommand
    {
        public Stream Input { get; } = process.StandardInput.BaseStream;
        public Stream Output { get; } = process.StandardOutput.BaseStream;
        public Stream Error { get; } = process.StandardError.BaseStream;
        public Task<int?> Exit { get; } = ExitAsync(process);

        public async ValueTask DisposeAsync()
        {
            if (!Exit.IsCompleted) process.Kill();
            await Exit;
            process.Dispose();
        }

        static async Task<int?> ExitAsync(Process process)
        {
            await process.WaitForExitAsync();
            return process.ExitCode is ConnectionFailed or > 128 + 31 ? null : process.ExitCode;
        }
    }
}
