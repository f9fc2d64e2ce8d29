using System.Runtime.InteropServices;
using System.Text;
using Harness.Torch.Native;
using TorchSharp;

namespace Harness.Torch.Tests;

public sealed partial class TorchRuntimeTests
{
    [Fact]
    public void Tensors_compute_after_initialization()
    {
        TorchRuntime.Initialize();
        TorchRuntime.Initialize();
        using var sum = torch.ones(3, 4).sum();
        Assert.Equal(12f, sum.item<float>());
    }

    [Fact]
    public void Bytes_that_are_no_library_are_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(new byte[128], "GLIBCXX_3.4.32"));
        Assert.Contains("ELF", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_library_is_refused()
    {
        var bytes = File.ReadAllBytes(Binding())[..4096];
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(bytes, "GLIBCXX_3.4.32"));
    }

    [Fact]
    public void Weakening_changes_one_byte_and_nothing_else()
    {
        var before = File.ReadAllBytes(Binding());
        var after = before.ToArray();
        Assert.Equal(1, ElfVersionNeeds.Weaken(after, "GLIBCXX_3.4.32"));
        var changed = Assert.Single(Enumerable.Range(0, before.Length), at => before[at] != after[at]);
        Assert.Equal(2, after[changed] ^ before[changed]);
    }

    [Fact]
    public void A_version_that_is_not_required_is_not_found() =>
        Assert.Equal(0, ElfVersionNeeds.Weaken(File.ReadAllBytes(Binding()), "GLIBCXX_3.4.3"));

    [Fact]
    public void The_adapted_copy_is_written_once_and_repaired_when_damaged()
    {
        var cache = Directory.CreateTempSubdirectory("native");
        var copy = TorchLibraries.WeakenedCopy(Binding(), cache.FullName);
        var written = File.GetLastWriteTimeUtc(copy);
        Assert.Equal(copy, TorchLibraries.WeakenedCopy(Binding(), cache.FullName));
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
        File.WriteAllText(copy, "damaged");
        TorchLibraries.WeakenedCopy(Binding(), cache.FullName);
        Assert.Equal(new FileInfo(Binding()).Length, new FileInfo(copy).Length);
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(copy)!));
        cache.Delete(recursive: true);
    }

    [Fact]
    public void A_library_of_another_layout_is_refused_with_the_reason()
    {
        var folder = Directory.CreateTempSubdirectory("native");
        var file = Path.Combine(folder.FullName, "libLibTorchSharp.so");
        File.WriteAllBytes(file, Encoding.ASCII.GetBytes(new string('x', 200)));
        var error = Assert.Throws<HarnessException>(() => TorchLibraries.WeakenedCopy(file, folder.FullName));
        Assert.Contains("GLIBCXX_3.4.32", error.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_missing_library_names_every_place_that_was_searched()
    {
        var error = Assert.Throws<HarnessException>(() => NativeFolders.Find("libnone.so", "No.Such.Key", "no-such-package"));
        Assert.Contains(AppContext.BaseDirectory, error.Message, StringComparison.Ordinal);
        Assert.Contains(NativeFolders.Variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_threads_are_told_to_sleep_soon_unless_the_user_says_otherwise()
    {
        TorchRuntime.Initialize();
        var waits = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY");
        var spins = Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") ?? (waits is null or "" ? "1000" : null);
        Assert.Equal(spins, Marshal.PtrToStringUTF8(NativeVariable("GOMP_SPINCOUNT")));
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NativeVariable(string name);

    static string Binding() => NativeFolders.Find("libLibTorchSharp.so", "Harness.Torch.BindingDirectory", "torchsharp");
}
