using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Harness.Torch.Native;
using TorchSharp;

namespace Harness.Torch;

/// <summary>Makes TorchSharp usable in this process. Every entry point of this project calls <see cref="Initialize"/> first.</summary>
public static class TorchRuntime
{
    static readonly Lazy<nint> Binding = new(TorchLibraries.Load);
    static readonly Lazy<bool> Ready = new(Start);

    /// <summary>Loads the native libraries; idempotent and thread-safe.</summary>
    /// <exception cref="HarnessException">They cannot be loaded here; the message says what to do.</exception>
    public static void Initialize() => _ = Ready.Value;

    static bool Start()
    {
        // Before TorchSharp asks: its own error would blame a missing package whatever the cause.
        _ = Binding.Value;
        torch.InitializeDeviceType(DeviceType.CPU);
        return true;
    }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp asks for its binding in a static constructor: later is too late.")]
    internal static void AnswerLibraryRequests() => AssemblyLoadContext.Default.ResolvingUnmanagedDll +=
        (_, name) => name == TorchLibraries.BindingName ? Binding.Value : 0;

    /// <summary>An exported function of the OpenMP library that libtorch itself uses.</summary>
    internal static nint ThreadTeamFunction(string name)
    {
        Initialize();
        return NativeLibrary.GetExport(NativeLibrary.Load(TorchLibraries.FindEngine(TorchLibraries.ThreadTeam)), name);
    }
}
