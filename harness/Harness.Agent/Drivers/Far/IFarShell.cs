namespace Harness.Agent.Drivers.Far;

/// <summary>What a command elsewhere gave. <paramref name="Code"/> is null where the connection ended before it told.</summary>
sealed record ShellAnswer(int? Code, string Output, string Error);

/// <summary>The POSIX shell of another machine.</summary>
interface IFarShell
{
    /// <exception cref="HarnessException">The machine is out of reach.</exception>
    Task<IFarCommand> StartAsync(string command, CancellationToken cancellation);

    /// <summary>Writes a file, whole or not at all, without looking at what is there.</summary>
    /// <exception cref="HarnessException">The machine refuses it or is out of reach.</exception>
    Task SendAsync(FileInfo file, string path, CancellationToken cancellation);
}

/// <summary>A command under way elsewhere. It has four members because it has three streams and an end.</summary>
interface IFarCommand : IAsyncDisposable
{
    /// <summary>Closing it closes the command's standard input.</summary>
    Stream Input { get; }
    Stream Output { get; }
    Stream Error { get; }
    /// <summary>The exit code, 128 + n after signal n; null when the connection ended before the other side told.</summary>
    Task<int?> Exit { get; }
}
