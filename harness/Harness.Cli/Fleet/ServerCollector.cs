using System.Collections;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Harness.Cli.Fleet;

/// <summary>
/// Garbage collection for a process that answers thousands of requests a second. What a request needs lives until the streams have
/// answered, so that the small young generation of the workstation's collector is full, again and again, of what is still in use; with
/// the server's collector a job costs half (docs/fleet.md). The choice is made when a process starts, and would make every other command
/// start slower: so the coordinator, and it alone, starts itself anew.
/// </summary>
static partial class ServerCollector
{
    const string Choice = "DOTNET_gcServer", Program = "harness";

    /// <summary>
    /// Replaces this process by itself with the server's collector; the number of the process stays. Returns where it has it already, where
    /// the environment chooses otherwise, and where the program is not its own process.
    /// </summary>
    public static void Adopt(Terminal terminal)
    {
        if (GCSettings.IsServerGC || !OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Choice) is not null
            || Environment.ProcessPath is not { } path || Path.GetFileName(path) != Program) return;
        string?[] arguments = [path, .. Environment.GetCommandLineArgs().Skip(1), null];
        string?[] environment = [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(each => $"{each.Key}={each.Value}"), $"{Choice}=1", null];
        _ = Execute(path, arguments, environment);
        terminal.Say($"the coordinator goes on with the workstation's garbage collector: error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Execute(string path, string?[] arguments, string?[] environment);
}
