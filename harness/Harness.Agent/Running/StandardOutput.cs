using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harness.Agent.Running;

/// <summary>Takes standard output away from everybody but the protocol, native libraries included.</summary>
public static partial class StandardOutput
{
    const int Output = 1;
    const int Error = 2;
    const int SetDescriptorFlags = 2;
    const int CloseOnExecute = 1;

    /// <summary>
    /// Returns a stream on what was standard output; from now on, descriptor 1 is standard error, so that a model that prints
    /// writes to the log and not into the protocol. To be called once, first thing.
    /// </summary>
    /// <exception cref="HarnessException">The system refused to duplicate the descriptor.</exception>
    public static Stream Claim()
    {
        var own = Duplicate(Output);
        if (own < 0 || Control(own, SetDescriptorFlags, CloseOnExecute) < 0 || Duplicate(Error, Output) < 0)
            throw new HarnessException($"Standard output cannot be claimed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        // The descriptor may be a pipe: FileStream must not buffer, and a line is one write.
        return new FileStream(new SafeFileHandle(own, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor, int onto);
}
