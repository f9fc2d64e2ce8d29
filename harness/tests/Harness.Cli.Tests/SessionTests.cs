using System.Diagnostics;

namespace Harness.Cli.Tests;

public sealed class SessionTests : IDisposable
{
    const string Slow = """
        name: slow
        seeds: 1..6
        trials:
          - suite: clustering
            benchmark: points
            datasets: [blobs]
            families:
              - { id: k-means, with: { clusters: 5, restarts: 3 } }
        """;

    readonly HarnessProcess _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_killed_coordinator_loses_at_most_the_running_trial_and_resume_finishes_the_rest()
    {
        var plan = _harness.Write("slow.yaml", Slow);
        using (var process = _harness.Start("run", "--plan", plan))
        {
            await Until(() => _harness.StoredRuns >= 2);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        var stored = _harness.StoredRuns;
        Assert.InRange(stored, 2, 5);

        var resumed = await _harness.Run("resume");
        Assert.True(resumed.Code == ExitCodes.Ok, resumed.ToString());
        Assert.Equal(6, _harness.StoredRuns);
        Assert.Equal(ExitCodes.Ok, (await _harness.Run("verify")).Code);

        var again = await _harness.Run("resume");
        Assert.Equal(6, _harness.StoredRuns);
        Assert.Contains("nothing to resume", again.Messages);
    }

    [Fact]
    public async Task A_killed_worker_is_a_failed_row_and_the_session_goes_on()
    {
        var plan = _harness.Write("slow.yaml", Slow);
        using var process = _harness.Start("run", "--plan", plan, "--json");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var worker = 0;
        await Until(() => (worker = WorkerOf(process.Id)) != 0);
        Process.GetProcessById(worker).Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.SomeFailed, process.ExitCode);
        Assert.Equal(6, _harness.StoredRuns);
        Assert.Contains("signal 9", await output);
    }

    [Fact]
    public async Task A_second_coordinator_on_the_same_results_is_refused_and_names_the_first()
    {
        var plan = _harness.Write("slow.yaml", Slow);
        using var first = _harness.Start("run", "--plan", plan);
        _ = first.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = first.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Until(() => _harness.StoredRuns >= 1);
        var second = await _harness.Run("run", "--plan", plan);
        first.Kill(entireProcessTree: true);
        Assert.Equal(ExitCodes.Infrastructure, second.Code);
        Assert.Contains($"{first.Id}", second.Messages);
    }

    [Fact]
    public async Task The_same_trial_twice_gives_byte_identical_predictions_and_the_same_score()
    {
        var plan = _harness.Write("once.yaml", Slow.Replace("1..6", "[7]"));
        Assert.Equal(ExitCodes.Ok, (await _harness.Run("run", "--plan", plan)).Code);
        Assert.Equal(ExitCodes.Ok, (await _harness.Run("run", "--plan", plan)).Code);
        var samples = _harness.Results.EnumerateFiles("samples.parquet", SearchOption.AllDirectories).ToList();
        Assert.Equal(2, samples.Count);
        Assert.Equal(File.ReadAllBytes(samples[0].FullName), File.ReadAllBytes(samples[1].FullName));
        Assert.Equal(2, (await _harness.Run("show", "--json")).Data.Split("\"adjusted-rand-index\"").Length - 1);
    }

    [Fact]
    public async Task A_finished_trial_is_skipped_when_asked()
    {
        var plan = _harness.Write("once.yaml", Slow.Replace("1..6", "[7]"));
        await _harness.Run("run", "--plan", plan);
        var second = await _harness.Run("run", "--plan", plan, "--skip-existing");
        Assert.Equal(ExitCodes.Ok, second.Code);
        Assert.Equal(1, _harness.StoredRuns);
    }

    [Fact]
    public async Task A_missing_network_is_an_infrastructure_row_that_says_where_to_put_the_files()
    {
        _harness.Environment["HARNESS_DATA"] = _harness.Folder.FullName;
        var plan = _harness.Write("mnist.yaml", """
            name: offline
            seeds: [1]
            trials:
              - suite: spiking-transformers
                benchmark: images
                datasets: [mnist]
                families: [majority-class]
            """);
        var outcome = await _harness.Run("run", "--plan", plan, "--offline", "--json");
        Assert.Equal(ExitCodes.SomeFailed, outcome.Code);
        Assert.Equal(1, _harness.StoredRuns);
        Assert.Contains("infra_error", outcome.Data);
        Assert.Contains("train-images-idx3-ubyte", outcome.Data);
    }

    [Fact]
    public async Task A_full_disk_stops_the_session_with_one_clear_error_and_records_nothing_by_half()
    {
        if (!await Mount(_harness.Results, "size=256k")) Assert.Skip("mounting a small tmpfs needs root");
        try
        {
            var plan = _harness.Write("slow.yaml", Slow.Replace("1..6", "1..60"));
            var outcome = await _harness.Run("run", "--plan", plan);
            Assert.Equal(ExitCodes.Infrastructure, outcome.Code);
            Assert.Contains("disk", outcome.Messages, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(ExitCodes.Ok, (await _harness.Run("verify")).Code);
        }
        finally
        {
            using var unmount = Process.Start("umount", [_harness.Results.FullName]);
            await unmount.WaitForExitAsync(CancellationToken.None);
        }
    }

    static async Task<bool> Mount(DirectoryInfo folder, string options)
    {
        folder.Create();
        if (Environment.UserName != "root") return false;
        using var mount =
            Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder.FullName])
            { UseShellExecute = false, RedirectStandardError = true })!;
        await mount.WaitForExitAsync(TestContext.Current.CancellationToken);
        return mount.ExitCode == 0;
    }

    static int WorkerOf(int parent)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                var status = File.ReadAllText(Path.Combine(entry, "stat"));
                var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
                // A session also starts git, to learn the commit; only a worker is meant here.
                if (int.Parse(fields[1]) == parent && fields[0] != "Z"
                    && File.ReadAllText(Path.Combine(entry, "cmdline")).Split('\0') is [_, "worker",
                        ..]) return int.Parse(Path.GetFileName(entry));
            }
            catch (IOException)
            {
                continue; // the process ended while it was looked at
            }
        }
        return 0;
    }

    static async Task Until(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), "the condition did not come true within two minutes");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
