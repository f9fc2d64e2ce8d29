using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.Adb;
using Harness.FakePhone;

[assembly: AssemblyFixture(typeof(Harness.Device.Tests.Adb.AdbFixture))]

namespace Harness.Device.Tests.Adb;

/// <summary>The real adb server on a port of its own, with a fake phone that it reaches over the network.</summary>
public sealed class AdbFixture : IAsyncLifetime
{
    const string Adb = "/usr/bin/adb";

    readonly DirectoryInfo home = Directory.CreateTempSubdirectory("adb");
    Process? process;

    public Phone Phone { get; private set; } = null!;
    internal int Port { get; private set; }
    internal AdbServer Server => new("127.0.0.1", Port);

    public static void SkipWithoutAdb() =>
        Assert.SkipUnless(File.Exists(Adb), $"{Adb} is not installed (Debian package adb).");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Adb)) return;
        Port = FreePort();
        process = Process.Start(new ProcessStartInfo(Adb, ["-P", $"{Port}", "nodaemon", "server"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            Environment = { ["HOME"] = home.FullName, ["ADB_MDNS"] = "0" },
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilAsync(async () => await Server.VersionAsync(CancellationToken.None) > 0);
        Phone = await PlugInAsync("phone");
    }

    /// <summary>Another phone, connected.</summary>
    public async Task<Phone> PlugInAsync(string name, string? features = null)
    {
        var phone = new Phone(home.CreateSubdirectory(name));
        if (features is not null) phone.Features = features;
        await Server.ConnectAsync(phone.Serial, CancellationToken.None);
        await UntilAsync(async () => (await Server.DevicesAsync(CancellationToken.None)).Contains(new(phone.Serial, "device")));
        return phone;
    }

    public AdbOptions Options(Phone phone) => new(phone.Serial, new FileInfo(Programs.PathFor("linux-arm64")))
    {
        Port = Port, Folder = phone.Folder,
    };

    public AdbAgent Agent(AdbOptions options) => new(options,
        new DriverOptions("phone") { Limits = Programs.Patient, LatencySamples = 5, CountSamples = 8 }, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (Phone is not null) await Phone.DisposeAsync();
        process?.Kill();
        process?.Dispose();
        home.Delete(recursive: true);
    }

    static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var patience = 600; patience > 0; patience--)
        {
            try { if (await holds()) return; }
            catch (HarnessException) when (patience > 1) { /* Not yet. */ }
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
        throw new TimeoutException("The adb server or the phone did not appear within a minute.");
    }

    static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
