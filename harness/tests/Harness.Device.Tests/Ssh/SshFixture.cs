using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.Ssh;

[assembly: AssemblyFixture(typeof(Harness.Device.Tests.Ssh.SshFixture))]

namespace Harness.Device.Tests.Ssh;

/// <summary>A real sshd of the user of the tests, on loopback, with keys of its own.</summary>
public sealed class SshFixture : IAsyncLifetime
{
    static readonly string[] Needed = ["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/sftp", "/usr/bin/ssh-keygen"];

    readonly DirectoryInfo root = Directory.CreateTempSubdirectory("ssh");
    Process? process;
    string? fault;
    int port;

    public async ValueTask InitializeAsync()
    {
        if (Needed.FirstOrDefault(path => !File.Exists(path)) is { } missing)
        {
            fault = $"{missing} is not installed (Debian package openssh-server).";
            return;
        }
        port = FreePort();
        foreach (var key in new[] { "host", "user" }) await RunAsync("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In(key));
        File.Copy(In("user.pub"), In("authorized"));
        var host = (await File.ReadAllTextAsync(In("host.pub"))).Split(' ');
        await File.WriteAllTextAsync(In("known"), $"[127.0.0.1]:{port} {host[0]} {host[1].Trim()}\n");
        await File.WriteAllTextAsync(In("config"), $"""
            ListenAddress 127.0.0.1
            Port {port}
            HostKey {In("host")}
            AuthorizedKeysFile {In("authorized")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin prohibit-password
            Subsystem sftp internal-sftp

            """);
        // sshd of root wants this folder, which the service would make.
        if (Environment.UserName == "root") Directory.CreateDirectory("/run/sshd");
        process = Process.Start(new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-e", "-f", In("config")])
        {
            RedirectStandardError = true, UseShellExecute = false,
        })!;
        // It says so when it listens, and why when it cannot.
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            fault = $"sshd does not run here: {line}";
            if (!line.StartsWith("Server listening", StringComparison.Ordinal)) continue;
            fault = null;
            process.ErrorDataReceived += (_, _) => { };
            break;
        }
        if (fault is null) _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    public void Use() => Assert.SkipWhen(fault is not null, fault ?? "");

    public SshOptions Options(FileInfo program, string folder) => new($"{Environment.UserName}@127.0.0.1", program)
    {
        Port = port, Identity = In("user"), KnownHosts = In("known"), Folder = In(folder),
    };

    public SshAgent Agent(string script, string folder)
    {
        var worker = new FileInfo(In($"worker-{Guid.NewGuid():n}"));
        File.WriteAllText(worker.FullName, $"#!/bin/sh\n{script}\n");
        return Agent(Options(worker, folder));
    }

    public SshAgent Agent(SshOptions options) => new(options,
        new DriverOptions("cpu") { Limits = Programs.Patient, LatencySamples = 5, CountSamples = 8 }, TimeProvider.System);

    public string In(string name) => Path.Combine(root.FullName, name);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        root.Delete(recursive: true);
    }

    static async Task RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(program, arguments);
        await run.WaitForExitAsync();
        if (run.ExitCode != 0) throw new InvalidOperationException($"{program} ended with code {run.ExitCode}.");
    }

    static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
