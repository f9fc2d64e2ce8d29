using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Harness.Agent.Drivers.Serial;

/// <summary>A serial line whose reads give up after a moment, so that a silent board does not hold the agent.</summary>
sealed class SerialPort : IDisposable
{
    readonly FileStream stream;
    readonly byte[] block = new byte[4096];
    readonly StringBuilder line = new();
    int position, length;

    SerialPort(FileStream stream) => this.stream = stream;

    /// <exception cref="HarnessException">There is no such port, or it cannot be set.</exception>
    public static async Task<SerialPort> OpenAsync(SerialOptions options, CancellationToken cancellation)
    {
        if (!File.Exists(options.Port))
            throw new HarnessException($"There is no serial port {options.Port}: plug the board in, or give another.");
        // Raw, without echo; a read returns after 0.1 s at the latest, with what there is.
        await SetAsync(["-F", options.Port, "raw", "-echo", "min", "0", "time", "1", options.Baud.ToString(CultureInfo.InvariantCulture)],
            options.Port, cancellation);
        try { return new(new FileStream(options.Port, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0)); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException($"The serial port {options.Port} cannot be opened: {error.Message}", error);
        }
    }

    public async Task WriteAsync(string text, CancellationToken cancellation) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellation);

    /// <summary>The next line that is not empty, without its end.</summary>
    /// <exception cref="TimeoutException">No character came in time.</exception>
    public async Task<string> ReadLineAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var heard = time.GetTimestamp();
        while (true)
        {
            for (; position < length; position++)
            {
                var character = (char)block[position];
                if (character is not ('\n' or '\r')) line.Append(character);
                else if (line.Length > 0)
                {
                    var text = line.ToString();
                    line.Clear();
                    return text;
                }
            }
            cancellation.ThrowIfCancellationRequested();
            (position, length) = (0, await Task.Run(() => stream.Read(block), CancellationToken.None));
            if (length > 0) heard = time.GetTimestamp();
            else if (time.GetElapsedTime(heard) > patience) throw new TimeoutException($"no character for {patience.TotalSeconds:0.#} s");
        }
    }

    public void Dispose() => stream.Dispose();

    static async Task SetAsync(string[] arguments, string port, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("stty", arguments)
            {
                RedirectStandardError = true, UseShellExecute = false,
            })!;
            var error = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0) throw new HarnessException($"The serial port {port} cannot be set: {error.Trim()}");
        }
        catch (Win32Exception error)
        {
            throw new HarnessException($"A serial port is set by stty (package coreutils), which does not start: {error.Message}", error);
        }
    }
}
