using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Harness.Device.Tests.Serial;

/// <summary>
/// Stands in for a micro board with the firmware of MLPerf Tiny, on a pseudo-terminal. It classifies an image by the row with the most ink,
/// takes 1500 µs for an inference by its own clock, which is about to wrap, and says of itself that it is emulated.
/// </summary>
sealed class FakeBoard : IDisposable
{
    const int ReadWrite = 2, NoControllingTerminal = 256, BufferBytes = 4096, Microseconds = 1500;

    readonly FileStream terminal;
    readonly FileStream kept;
    readonly Thread thread;
    readonly List<string> commands = [];
    readonly int side;
    byte[] buffer = [];
    int position;
    uint clock = uint.MaxValue - 2000;

    /// <param name="side">Rows of an image, and its pixels in a row.</param>
    public FakeBoard(int side)
    {
        this.side = side;
        var master = Open(ReadWrite | NoControllingTerminal);
        if (master < 0 || Grant(master) != 0 || Unlock(master) != 0) throw new InvalidOperationException("No pseudo-terminal can be had.");
        var name = new byte[64];
        _ = Name(master, name, name.Length);
        Port = Encoding.ASCII.GetString(name).TrimEnd('\0');
        terminal = new FileStream(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        // Without a reader, the other end would seem hung up between two runs.
        kept = new FileStream(Port, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        thread = new Thread(Serve) { IsBackground = true, Name = "board" };
        thread.Start();
    }

    public string Port { get; }

    /// <summary>Answers nothing any more.</summary>
    public bool Deaf { get; set; }

    public IReadOnlyList<string> Commands
    {
        get { lock (commands) return [.. commands]; }
    }

    public void Dispose()
    {
        kept.Dispose();
        terminal.Dispose();
    }

    void Serve()
    {
        var command = new StringBuilder();
        var one = new byte[1];
        try
        {
            while (terminal.Read(one) > 0)
            {
                if (one[0] != '%')
                {
                    // The firmware keeps 80 characters of a command.
                    if (command.Length < 80) command.Append((char)one[0]);
                    continue;
                }
                var text = command.ToString();
                command.Clear();
                lock (commands) commands.Add(text);
                if (!Deaf) Answer(text.Split(' '));
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException) { return; }
    }

    void Answer(string[] words)
    {
        switch (words)
        {
            case ["name"]: Say("m-name-dut-[Fake board, emulated]"); break;
            case ["profile"]: Say("m-profile-[ULPMark for tinyML Firmware V0.0.1]"); Say("m-model-[rows]"); break;
            case ["db", "load", var count]: Load(int.Parse(count, CultureInfo.InvariantCulture)); break;
            case ["db", var digits]: Take(digits); break;
            case ["infer", var count, var warmup]: Infer(int.Parse(count, CultureInfo.InvariantCulture), warmup); break;
            default: Say($"e-[Unknown command: {words[0]}]"); break;
        }
        Say("m-ready");
    }

    void Load(int count)
    {
        if (count > BufferBytes)
        {
            Say($"Supplied buffer size {count} exceeds maximum of {BufferBytes}");
            return;
        }
        (buffer, position) = (new byte[count], 0);
        Say($"m-[Expecting {count} bytes]");
    }

    void Take(string digits)
    {
        foreach (var value in Convert.FromHexString(digits)) buffer[position++] = value;
        if (position == buffer.Length) Say("m-load-done");
    }

    void Infer(int count, string warmup)
    {
        Say($"m-warmup-start-{warmup}");
        Say("m-warmup-done");
        Say($"m-infer-start-{count}");
        Say($"m-lap-us-{clock}");
        clock += (uint)(count * Microseconds);
        Say($"m-lap-us-{clock}");
        Say("m-infer-done");
        var rows = Enumerable.Range(0, 10).Select(row => row < side ? buffer.Skip(row * side).Take(side).Sum(value => value) : 0).ToList();
        double all = Math.Max(1, rows.Sum());
        Say($"m-results-[{string.Join(",", rows.Select(row => (row / all).ToString("0.000", CultureInfo.InvariantCulture)))}]");
    }

    void Say(string line) => terminal.Write(Encoding.ASCII.GetBytes(line + "\r\n"));

    [DllImport("libc", EntryPoint = "posix_openpt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Open(int flags);

    [DllImport("libc", EntryPoint = "grantpt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Grant(int descriptor);

    [DllImport("libc", EntryPoint = "unlockpt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Unlock(int descriptor);

    [DllImport("libc", EntryPoint = "ptsname_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Name(int descriptor, byte[] buffer, nint length);
}
