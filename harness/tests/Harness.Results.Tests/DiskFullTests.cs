using System.Diagnostics;

namespace Harness.Results.Tests;

public sealed class DiskFullTests : StoreTest
{
    [Fact]
    public async Task A_full_disk_names_the_folder_and_the_bytes_and_records_nothing()
    {
        var small = Folder.CreateSubdirectory("small");
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.FullName) != 0)
            Assert.Skip("mounting a small tmpfs needs Linux and root");
        try
        {
            using var store = await ResultStore.OpenForWritingAsync(small, TimeProvider.System, Cancellation);
            var (stored, error) = await FillAsync(store);
            Assert.Contains(small.FullName, error.Message);
            Assert.Matches("needs [0-9,]+ bytes and [0-9,]+ are free", error.Message);
            Assert.Equal(stored, await store.ReadAsync(new(Detail: true), Cancellation).CountAsync(Cancellation));
            Assert.Empty(await store.VerifyAsync(Cancellation));
            Assert.Empty(Directory.GetDirectories(Path.Combine(small.FullName, ".incoming")));
        }
        finally
        {
            Assert.Equal(0, Run("umount", small.FullName));
        }
    }

    static async Task<(int Stored, ResultNotStoredException Error)> FillAsync(ResultStore store)
    {
        for (var number = 0; number < 1000; number++)
        {
            try { await store.AppendAsync(Example.Run(number), Cancellation); }
            catch (ResultNotStoredException error) { return (number, error); }
        }
        throw new InvalidOperationException("256 kB held a thousand runs");
    }

    static int Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
