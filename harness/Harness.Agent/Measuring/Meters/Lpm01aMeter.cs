using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harness.Agent.Measuring.Meters;

/// <summary>
/// An external current meter on a serial line, in the ASCII protocol of ST's X-NUCLEO-LPM01A, which EEMBC's EnergyRunner drives: commands
/// <c>volt</c>, <c>freq</c>, <c>format ascii_dec</c>, <c>start</c>; one sample a line, <c>6409-07</c> for 640.9 µA.
/// </summary>
public sealed partial class Lpm01aMeter : IMeter
{
    readonly Stream _line;
    readonly double _volts;
    readonly int _hertz;
    readonly StringBuilder _pending = new();
    double _joules;
    string? _fault;

    /// <param name="line">An open serial line; the meter owns it.</param>
    /// <param name="volts">Supply voltage that the meter is told to give, 1.8 V to 3.3 V.</param>
    /// <param name="hertz">Samples a second that the meter sends.</param>
    public Lpm01aMeter(Stream line, double volts = 3.0, int hertz = 1000)
    {
        if (volts is < 1.8 or > 3.3) throw new ArgumentOutOfRangeException(nameof(volts), volts, "The meter supplies 1.8 V to 3.3 V.");
        (_line, _volts, _hertz) = (line, volts, hertz);
        Card = new("external:lpm01a", "everything behind the meter", "E4", TimeSpan.FromSeconds(1.0 / hertz), "±2 % (ST UM2269)")
        { MaximumWatts = 0.05 * 3.3 };
        foreach (var command in new[] { "htc", "output current", "format ascii_dec",
            string.Create(CultureInfo.InvariantCulture, $"volt {volts * 1000:0}m"), $"freq {hertz}", "acqtime inf",
                "start" }) Send(command);
    }

    public MeterCard Card { get; }

    /// <summary>Takes every sample that has arrived since, so that no current between two looks is lost.</summary>
    public MeterSample Read(double seconds)
    {
        try { Drain(); }
        catch (IOException error) { _fault ??= error.Message; }
        return _fault is null ? new(seconds, _joules, null) : new(seconds, null, null, _fault);
    }

    public void Dispose()
    {
        try { Send("stop"); }
        catch (IOException) { /* The line is gone; there is nothing left to stop. */ }
        _line.Dispose();
    }

    void Send(string command) => _line.Write(Encoding.ASCII.GetBytes(command + "\r\n"));

    void Drain()
    {
        var block = new byte[4096];
        int read;
        do
        {
            read = _line.Read(block);
            _pending.Append(Encoding.ASCII.GetString(block, 0, read));
        }
        while (read == block.Length);
        var text = _pending.ToString();
        var end = text.LastIndexOf('\n');
        if (end < 0) return;
        _pending.Remove(0, end + 1);
        foreach (var line in text[..end].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) Take(line);
    }

    void Take(string line)
    {
        if (Sample().Match(line) is { Success: true } sample)
            _joules += _volts / _hertz * double.Parse(sample.Groups["mantissa"].Value, CultureInfo.InvariantCulture)
                * Math.Pow(10, int.Parse(sample.Groups["exponent"].Value, CultureInfo.InvariantCulture));
        else if (line.Contains("overcurrent", StringComparison.OrdinalIgnoreCase) || line.StartsWith("err", StringComparison.Ordinal))
            _fault ??= $"the meter reports '{line}'";
    }

    [GeneratedRegex(@"^(?<mantissa>\d+)(?<exponent>[+-]\d+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
