using System.Diagnostics;
using Harness.Queue.Tests.Chaos;

namespace Harness.Queue.Tests;

/// <summary>
/// Runs an explicit test of this program in a process with a network of its own, whose one line is slow and drops what it cannot hold, and
/// with a disk of its own that is small.
/// </summary>
static class OwnKernel
{
    const string DiskName = "HARNESS_TEST_DISK", SlowLine = "tbf rate 4mbit burst 16kb latency 40ms";
    // Packets are those of an Ethernet: the line would drop the larger ones of a loopback for ever.
    const string Slow = $"ip link set lo mtu 1500 up; tc qdisc add dev lo root {SlowLine}", Fast = "ip link set lo up";
    const string Enter = "mount -t tmpfs -o size=4m none \"$0\"; exec \"$@\"";

    /// <summary>Inside such a process: the disk.</summary>
    public static SmallDisk Disk => new(new(Environment.GetEnvironmentVariable(DiskName)
        ?? throw new InvalidOperationException("This test runs inside another one.")));

    /// <param name="test">Name of the explicit test.</param>
    public static async Task RunAsync(string test, bool slow)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, for a network and a disk of its own");
        Assert.NotNull(NatsFixture.Program);
        Assert.SkipUnless(File.Exists("/sbin/tc") || File.Exists("/usr/sbin/tc"), "needs tc and ip (Debian: apt-get install iproute2)");
        var disk = Directory.CreateTempSubdirectory("harness-disk-");
        try
        {
            var start = new ProcessStartInfo("timeout", ["--kill-after=5", "240", "unshare", "--net", "--mount", "--propagation", "private",
                "sh", "-euc", $"{(slow ? Slow : Fast)}; {Enter}", disk.FullName, Environment.ProcessPath!, "-noColor", "-noLogo",
                "-explicit", "only", "-method", $"*.{test}"])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { [DiskName] = disk.FullName },
            };
            using var inside = Process.Start(start)!;
            var error = inside.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var told = await inside.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await error;
            await inside.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(told.Contains("unshare failed", StringComparison.Ordinal), "this root may not make namespaces");
            Assert.SkipWhen(told.Contains("Specified qdisc kind is unknown", StringComparison.Ordinal), $"the kernel has no {SlowLine}");
            Assert.True(inside.ExitCode == 0 && told.Contains("Total: 1,", StringComparison.Ordinal), told);
        }
        finally
        {
            disk.Delete(recursive: true);
        }
    }
}
