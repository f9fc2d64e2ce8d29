namespace Harness.Agent.Drivers.Ssh;

/// <summary>Which host, and what is pushed to it.</summary>
/// <param name="Host">As <c>ssh</c> takes it: a name of its configuration, or <c>user@host</c>.</param>
/// <param name="Program">The worker for the host's processor, e.g. <c>harness-device</c>.</param>
public sealed record SshOptions(string Host, FileInfo Program)
{
    /// <summary>Null is the one of ssh's configuration, else 22.</summary>
    public int? Port { get; init; }
    /// <summary>Private key; null takes those of ssh's configuration and its agent.</summary>
    public string? Identity { get; init; }
    /// <summary>File of known hosts; null is the user's own. A host that is not in it is refused.</summary>
    public string? KnownHosts { get; init; }
    /// <summary>Folder on the host, absolute.</summary>
    public string Folder { get; init; } = "/tmp/harness";
    /// <summary>Assignments for the worker, e.g. a path of libraries.</summary>
    public string Environment { get; init; } = "";
    /// <summary>What starts the program on the host, e.g. an emulator; empty starts it itself.</summary>
    public string Launcher { get; init; } = "";
}
