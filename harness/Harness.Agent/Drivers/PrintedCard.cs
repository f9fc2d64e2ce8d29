using System.Text;
using System.Text.Json;
using Harness.Agent.Running;

namespace Harness.Agent.Drivers;

/// <summary>Reads the device card that a worker program prints as <c>describe</c>.</summary>
static class PrintedCard
{
    /// <exception cref="HarnessException">The program does not start, fails, or prints no device card.</exception>
    public static async Task<DeviceCard> AskAsync(WorkerCommand command, IReadOnlyDictionary<string, string> environment, TimeProvider time,
        CancellationToken cancellation)
    {
        await using var process = WorkerProcess.Start(command, environment, time);
        using var reader = new StreamReader(process.Output);
        var text = await reader.ReadToEndAsync(cancellation);
        return Read(text, await process.Ended, process.Log, string.Join(' ', [command.FileName, .. command.Arguments]));
    }

    /// <param name="code">How the program ended; null where its place does not tell.</param>
    /// <exception cref="HarnessException">The program failed, or what it printed is no device card.</exception>
    public static DeviceCard Read(string text, int? code, string log, string command)
    {
        if (code is not (0 or null))
            throw new HarnessException($"'{command}' ended with code {code} instead of printing a device card: " +
                (log.Length > 0 ? log : text));
        try
        {
            if (JsonSerializer.Deserialize<DeviceCard>(text, CanonicalJson.Options) is { Id.Length: > 0, Processor.Length: > 0 } card)
                return card;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException) { throw Unreadable(text, command, error); }
        throw Unreadable(text, command, null);
    }

    static HarnessException Unreadable(string text, string command, Exception? error) =>
        new($"'{command}' must print a device card as one JSON object; it printed {WorkerLine.Quote(Encoding.UTF8.GetBytes(text))}. " +
            "Use harness-device, or a program that does the same.", error);
}
