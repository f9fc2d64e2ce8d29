using System.Globalization;
using System.Text.RegularExpressions;

namespace Harness.Agent.Drivers.Serial;

/// <summary>What a board answered to one inference command.</summary>
/// <param name="Nanoseconds">Between the board's two time stamps, for all inferences.</param>
/// <param name="Results">The output vector.</param>
sealed record BoardAnswer(long Nanoseconds, IReadOnlyList<double> Results);

/// <summary>
/// Speaks the commands of the reference firmware of MLPerf Tiny, as EEMBC's EnergyRunner does: a command ends with <c>%</c>, its answer is
/// lines that begin with <c>m-</c> or, for a mistake, <c>e-</c>, and ends with <c>m-ready</c>. Other lines are the firmware's own talk.
/// </summary>
sealed partial class EnergyRunnerBoard(SerialPort port, TimeSpan patience, TimeProvider time)
{
    const string Ready = "m-ready";
    // The firmware's command buffer holds 80 characters.
    const int BytesPerCommand = 32;
    // Time stamps are microseconds in an unsigned long of 32 bits, which wraps.
    const long Wrap = 1L << 32;

    /// <summary>Name and vendor as the board states them.</summary>
    public async Task<string> NameAsync(CancellationToken cancellation) =>
        Told(Name(), await AskAsync("name", cancellation), "name");

    /// <summary>The firmware and the model it holds.</summary>
    public async Task<(string Firmware, string Model)> ProfileAsync(CancellationToken cancellation)
    {
        var lines = await AskAsync("profile", cancellation);
        return (Told(Profile(), lines, "profile"), Told(Model(), lines, "profile"));
    }

    /// <summary>Puts the input of the next inference into the board's buffer.</summary>
    /// <exception cref="HarnessException">The board does not take it.</exception>
    public async Task LoadAsync(ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var answer = await AskAsync($"db load {input.Length}", cancellation);
        if (!answer.Contains($"m-[Expecting {input.Length} bytes]", StringComparer.Ordinal)) throw Odd("db load", answer);
        for (var first = 0; first < input.Length; first += BytesPerCommand)
        {
            var part = input.Slice(first, Math.Min(BytesPerCommand, input.Length - first));
            answer = await AskAsync($"db {Convert.ToHexStringLower(part.Span)}", cancellation);
        }
        if (!answer.Contains("m-load-done", StringComparer.Ordinal)) throw Odd("db", answer);
    }

    /// <param name="count">Inferences between the two time stamps.</param>
    /// <param name="warmup">Inferences before them.</param>
    public async Task<BoardAnswer> InferAsync(int count, int warmup, CancellationToken cancellation)
    {
        var answer = await AskAsync($"infer {count} {warmup}", cancellation);
        var stamps = answer.Select(line => Stamp().Match(line)).Where(match => match.Success)
            .Select(match => long.Parse(match.Groups["us"].Value, CultureInfo.InvariantCulture)).ToList();
        var results = answer.Select(line => Results().Match(line)).FirstOrDefault(match => match.Success);
        if (stamps.Count != 2 || results is null) throw Odd("infer", answer);
        var microseconds = (stamps[1] - stamps[0] + Wrap) % Wrap;
        return new(microseconds * 1000, [.. results.Groups["values"].Value.Split(',')
            .Select(value => double.Parse(value, CultureInfo.InvariantCulture))]);
    }

    async Task<List<string>> AskAsync(string command, CancellationToken cancellation)
    {
        await port.WriteAsync($"{command}%", cancellation);
        var lines = new List<string>();
        try
        {
            while (await port.ReadLineAsync(patience, time, cancellation) is var line && line != Ready) lines.Add(line);
        }
        catch (TimeoutException error)
        {
            throw new HarnessException($"The board does not answer '{command}' ({error.Message}): is it on, is the baud rate right, does "
                + "it run the firmware of MLPerf Tiny?", error);
        }
        return lines.Find(line => line.StartsWith("e-", StringComparison.Ordinal)) is { } mistake
            ? throw new HarnessException($"The board refuses '{Shortened(command)}': {mistake[2..]}")
            : lines;
    }

    static string Told(Regex pattern, List<string> lines, string command) =>
        lines.Select(line => pattern.Match(line)).FirstOrDefault(match => match.Success)?.Groups["text"].Value ?? throw Odd(command, lines);

    static HarnessException Odd(string command, List<string> lines) =>
        new($"The board's answer to '{command}' is not that of MLPerf Tiny's firmware: '{Shortened(string.Join(" | ", lines))}'.");

    static string Shortened(string text) => text.Length > 200 ? text[..200] + "…" : text;

    [GeneratedRegex(@"^m-name-(?<text>.+)$", RegexOptions.None, 60_000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^m-profile-\[(?<text>.*)\]$", RegexOptions.None, 60_000)]
    private static partial Regex Profile();

    [GeneratedRegex(@"^m-model-\[(?<text>.*)\]$", RegexOptions.None, 60_000)]
    private static partial Regex Model();

    [GeneratedRegex(@"^m-lap-us-(?<us>\d+)$", RegexOptions.None, 60_000)]
    private static partial Regex Stamp();

    [GeneratedRegex(@"^m-results-\[(?<values>[^\]]+)\]$", RegexOptions.None, 60_000)]
    private static partial Regex Results();
}
