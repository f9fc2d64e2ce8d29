using System.Globalization;
using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Slurm;

/// <summary>Starts workers as jobs of a cluster. A job that waits in the queue is waited for; its limits begin when it runs.</summary>
sealed class SlurmPlace(SlurmOptions cluster, WorkerLimits limits) : IFarPlace
{
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    readonly SlurmCommands slurm = new(cluster.Environment);

    public string Cache => Path.Combine(cluster.Folder.FullName, "cache");

    public Task<IWorkerChannel> StartAsync(RunRequest request, CancellationToken cancellation) =>
        StartAsync("worker", request.Threads, cancellation);

    public async Task<DeviceCard> DescribeAsync(CancellationToken cancellation)
    {
        await using var worker = await StartAsync("describe", threads: 1, cancellation);
        using var reader = new StreamReader(worker.Output);
        var text = await reader.ReadToEndAsync(cancellation);
        var card = PrintedCard.Read(text, await worker.Ended ?? -1, worker.Log, $"{cluster.Worker.FileName} describe, as a Slurm job,");
        var details = new SortedDictionary<string, string>((card.Details ?? new Dictionary<string, string>()).ToDictionary(),
            StringComparer.Ordinal)
        {
            ["gpus"] = cluster.Gpus.ToString(CultureInfo.InvariantCulture), ["partition"] = cluster.Partition ?? "default",
            ["scheduler"] = await slurm.VersionAsync(cancellation),
        };
        return card with { Details = details };
    }

    async Task<IWorkerChannel> StartAsync(string word, int threads, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Cache);
        var folder = new JobFolder(new DirectoryInfo(Path.Combine(cluster.Folder.FullName, "jobs", Path.GetRandomFileName())));
        var environment = new Dictionary<string, string>(cluster.Worker.Environment, StringComparer.Ordinal)
        {
            ["OMP_NUM_THREADS"] = $"{threads}",
        };
        folder.Create(cluster.Worker with { Environment = environment }, word);
        var job = await slurm.SubmitAsync([.. Demands(threads, folder), folder.Script], cancellation);
        var worker = new SlurmWorker(slurm, folder, job, cluster.Period);
        try
        {
            await LeftQueueAsync(job, worker, cancellation);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    IEnumerable<string> Demands(int threads, JobFolder folder)
    {
        yield return "--job-name=harness";
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return $"--cpus-per-task={threads}";
        yield return $"--output={folder.Notes}";
        yield return "--no-requeue";
        yield return $"--time={Math.Ceiling((limits.Time + Margin).TotalMinutes).ToString(CultureInfo.InvariantCulture)}";
        if (limits.MemoryBytes is { } bytes) yield return $"--mem={Math.Max(1, bytes / 1024 / 1024)}M";
        if (cluster.Gpus > 0) yield return $"--gres=gpu:{cluster.Gpus}";
        if (cluster.Partition is { } partition) yield return $"--partition={partition}";
        foreach (var argument in cluster.Arguments) yield return argument;
    }

    async Task LeftQueueAsync(int job, SlurmWorker worker, CancellationToken cancellation)
    {
        while (!worker.Ended.IsCompleted && await slurm.FindOrNullAsync(job, cancellation) is { Waits: true })
            await Task.WhenAny(worker.Ended, Task.Delay(cluster.Period, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }
}
