using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Harness.Cli;
using Harness.Fuzzing;

namespace Harness.Benchmarks;

/// <summary>
/// <c>fuzz</c>: gives damaged contents to every reader, each reader in a process of its own, so that a crash or a hang is a finding too:
/// <c>fuzz [READER ...] [--inputs 10000] [--seed 1] [--first 0]</c>.
/// </summary>
static class FuzzMode
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var readers = new Argument<string[]>("reader") { Arity = ArgumentArity.ZeroOrMore, Description = "Readers; none is all." };
        var inputs = new Option<int>("--inputs") { DefaultValueFactory = _ => 10_000, Description = "Damaged contents for each reader." };
        var seed = new Option<ulong>("--seed") { DefaultValueFactory = _ => 1, Description = "Decides all damage." };
        var first = new Option<int>("--first") { Description = "Number of the first content, to repeat one." };
        var here = new Option<bool>("--here") { Description = "In this process, one reader, numbers on stdout." };
        var command = new Command("fuzz", "Give damaged contents to readers.") { readers, inputs, seed, first, here };
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(readers) is { Length: > 0 } names ? names : [.. FuzzedReaders.All.Select(reader => reader.Name)];
            var (count, start, chance) = (parsed.GetValue(inputs), parsed.GetValue(first), parsed.GetValue(seed));
            if (!parsed.GetValue(here)) return All([.. named.Select(FuzzedReaders.Find)], chance, start, count);
            Here(FuzzedReaders.Find(named[0]), chance, start, count);
            return 0;
        });
        return command;
    }

    static int All(IReadOnlyList<FuzzedReader> readers, ulong seed, int first, int count)
    {
        var tallies = readers.Select(reader => Apart(reader, seed, first, count)).ToList();
        Terminal.Standard.Table(
            ["reader", "inputs", "accepted", "refused", "kinds of problems", "worst time in ms", "at input", "most allocated in kB",
                "at input", "findings"],
            [.. tallies.Select(tally => (IReadOnlyList<string>)[tally.Reader, $"{tally.Inputs}", $"{tally.Accepted}", Refused(tally),
                $"{tally.Problems.Count}", (1000 * tally.WorstSeconds).ToString("0.0", CultureInfo.InvariantCulture),
                $"{tally.Slowest}", $"{tally.MostBytes / 1024}", $"{tally.Largest}", $"{tally.Findings.Count}"])]);
        foreach (var tally in tallies)
            foreach (var finding in tally.Findings) Terminal.Standard.Fail($"{tally.Reader}: {finding}");
        return tallies.TrueForAll(tally => tally.Findings.Count == 0) ? 0 : 1;
    }

    static string Refused(FuzzTally tally) => tally.Refused.Count == 0 ? "0"
        : string.Join(", ", tally.Refused.Select(kind => $"{kind.Value} {kind.Key}"));

    /// <summary>The number of each content before it is read, then the tally.</summary>
    static void Here(FuzzedReader reader, ulong seed, int first, int count)
    {
        var attempts = Enumerable.Range(first, count).SelectMany(index =>
        {
            Console.Out.WriteLine(index);
            return Fuzzer.Run(reader, seed, index, 1);
        });
        Console.Out.WriteLine(JsonSerializer.Serialize(FuzzTally.Of(reader.Name, attempts)));
    }

    static FuzzTally Apart(FuzzedReader reader, ulong seed, int first, int count)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["fuzz", reader.Name, "--here",
            "--inputs", $"{count}", "--seed", $"{seed}", "--first", $"{first}"])
        { RedirectStandardOutput = true, UseShellExecute = false })!;
        var last = "";
        while (NextLine(process) is { } line)
        {
            if (line.StartsWith('{')) return JsonSerializer.Deserialize<FuzzTally>(line)!;
            last = line;
        }
        var ended = process.WaitForExit(Look);
        if (!ended) process.Kill(entireProcessTree: true);
        return new(reader.Name)
        {
            Inputs = int.TryParse(last, CultureInfo.InvariantCulture, out var index) ? index - first : 0,
            Findings = [ended ? $"input {last} ended the process with {process.ExitCode}"
                : $"input {last} takes more than {Patience.TotalSeconds} s of processor time"],
        };
    }

    /// <summary>Null where the process ended, or computed for long without a word; waiting for a processor does not count.</summary>
    static string? NextLine(Process process)
    {
        var line = process.StandardOutput.ReadLineAsync();
        var began = Used(process);
        while (!line.Wait(Look))
            if (Used(process) - began > Patience) return null;
        return line.Result;
    }

    static TimeSpan Used(Process process)
    {
        try
        {
            return process.HasExited ? TimeSpan.Zero : process.TotalProcessorTime;
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            return TimeSpan.Zero; // it ended between the two questions
        }
    }
}
