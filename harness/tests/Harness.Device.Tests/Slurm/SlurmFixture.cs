using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.Slurm;

[assembly: AssemblyFixture(typeof(Harness.Device.Tests.Slurm.SlurmFixture))]

namespace Harness.Device.Tests.Slurm;

/// <summary>A real cluster of one node: munged, slurmctld and slurmd on loopback, with two accelerators that are files.</summary>
public sealed class SlurmFixture : IAsyncLifetime
{
    static readonly string[] Needed = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch", "/usr/bin/squeue"];

    readonly DirectoryInfo root = Directory.CreateTempSubdirectory("slurm");
    readonly List<Process> processes = [];
    readonly SemaphoreSlim starting = new(1);
    string? fault;
    bool up;

    public string Configuration => Path.Combine(root.FullName, "slurm.conf");
    public Dictionary<string, string> Environment => new(StringComparer.Ordinal) { ["SLURM_CONF"] = Configuration };
    internal SlurmCommands Commands => new(Environment);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts the cluster for the first test that wants it, and skips where it cannot be had.</summary>
    public async Task UseAsync()
    {
        if (Needed.FirstOrDefault(path => !File.Exists(path)) is { } missing)
            Assert.Skip($"{missing} is not installed (Debian packages slurmctld, slurmd, slurm-client, munge).");
        Assert.SkipUnless(System.Environment.UserName == "root", "A cluster of its own needs root.");
        await starting.WaitAsync();
        try
        {
            if (!up && fault is null) await StartAsync();
        }
        finally { starting.Release(); }
        Assert.SkipWhen(fault is not null, fault ?? "");
    }

    public SlurmAgent Agent(string script, int gpus = 0, string folder = "shared")
    {
        var worker = Path.Combine(root.FullName, $"worker-{Guid.NewGuid():n}");
        File.WriteAllText(worker, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(worker, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return Agent(new Harness.Agent.Running.WorkerCommand(worker, []), gpus, folder);
    }

    public SlurmAgent Agent(Harness.Agent.Running.WorkerCommand worker, int gpus = 0, string folder = "shared") => new(
        new SlurmOptions(worker, root.CreateSubdirectory(folder))
        {
            Gpus = gpus, Environment = Environment, Period = TimeSpan.FromMilliseconds(500),
        },
        new DriverOptions(gpus > 0 ? "gpu" : "cpu") { Limits = Programs.Patient, LatencySamples = 5, CountSamples = 8 },
        TimeProvider.System);

    /// <summary>The number of the job whose script lies there.</summary>
    public async Task<int> JobOfAsync(string script, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/squeue", ["--noheader", "--states=all", "--format=%A %o"])
        {
            RedirectStandardOutput = true, UseShellExecute = false, Environment = { ["SLURM_CONF"] = Configuration },
        })!;
        var lines = (await process.StandardOutput.ReadToEndAsync(cancellation)).Split('\n');
        await process.WaitForExitAsync(cancellation);
        return int.Parse(lines.Single(line => line.EndsWith(script, StringComparison.Ordinal)).Trim().Split(' ')[0]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(processes))
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        starting.Dispose();
        root.Delete(recursive: true);
    }

    async Task StartAsync()
    {
        await WriteAsync();
        var munge = root.CreateSubdirectory("munge").FullName;
        await File.WriteAllBytesAsync($"{munge}/key", RandomNumberGenerator.GetBytes(1024));
        File.SetUnixFileMode($"{munge}/key", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Run("/usr/sbin/munged", "--foreground", "--force", $"--key-file={munge}/key", $"--socket={munge}/socket",
            $"--pid-file={munge}/pid", $"--seed-file={munge}/seed", $"--log-file={munge}/log");
        Run("/usr/sbin/slurmctld", "-D", "-i");
        Run("/usr/sbin/slurmd", "-D", "-N", "node");
        for (var patience = 600; patience > 0; patience--)
        {
            if (await ReadyAsync())
            {
                up = true;
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
        fault = "The cluster did not come up within a minute: " + string.Join(" | ",
            Directory.GetFiles(root.FullName, "*.log").Select(file => string.Join(' ', File.ReadLines(file).TakeLast(2))));
    }

    async Task<bool> ReadyAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/sinfo", ["--noheader", "--format=%T"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            Environment = { ["SLURM_CONF"] = Configuration },
        })!;
        var state = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return state.Trim() == "idle";
    }

    async Task WriteAsync()
    {
        var (controller, node) = (FreePort(), FreePort());
        string[] cards = [$"{root.FullName}/card0", $"{root.FullName}/card1"];
        foreach (var card in cards) await File.WriteAllTextAsync(card, "");
        await File.WriteAllTextAsync($"{root.FullName}/gres.conf", $"Name=gpu File={root.FullName}/card[0-1]\n");
        var name = Dns.GetHostName();
        await File.WriteAllTextAsync(Configuration, $"""
            ClusterName=test
            SlurmctldHost={name}(127.0.0.1)
            SlurmctldPort={controller}
            SlurmdPort={node}
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket={root.FullName}/munge/socket
            CredType=cred/munge
            StateSaveLocation={root.FullName}/state
            SlurmdSpoolDir={root.FullName}/spool
            SlurmctldPidFile={root.FullName}/slurmctld.pid
            SlurmdPidFile={root.FullName}/slurmd.pid
            SlurmctldLogFile={root.FullName}/slurmctld.log
            SlurmdLogFile={root.FullName}/slurmd.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SchedulerParameters=batch_sched_delay=0
            JobAcctGatherType=jobacct_gather/linux
            AccountingStorageType=accounting_storage/none
            ReturnToService=2
            KillWait=2
            MinJobAge=300
            GresTypes=gpu
            NodeName=node NodeHostname={name} NodeAddr=127.0.0.1 CPUs={System.Environment.ProcessorCount} Gres=gpu:2 State=UNKNOWN
            PartitionName=main Nodes=node Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:8

            """);
        root.CreateSubdirectory("state");
        root.CreateSubdirectory("spool");
    }

    void Run(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            Environment = { ["SLURM_CONF"] = Configuration },
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        processes.Add(process);
    }

    static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
