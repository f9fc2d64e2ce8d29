using Harness.Core.Registry;

namespace Harness.Agent.Running;

/// <summary>Turns whatever a trial threw into the state and the reason of its row.</summary>
static class Failure
{
    const int Frames = 3;

    public static Finished Of(Exception error, CancellationToken cancellation) => Unwrapped(error) switch
    {
        OperationCanceledException when cancellation.IsCancellationRequested => new(RunState.Aborted, "The run was cancelled."),
        UnsupportedException or UnknownNameException => new(RunState.Unsupported, Unwrapped(error).Message),
        DataUnavailableException unavailable => new(RunState.InfraError, unavailable.Message),
        HarnessException known => new(RunState.Failed, known.Message),
        var other when IsOutOfMemory(other) => new(RunState.Failed, $"out of memory: {other.Message} Lower the batch or the model's size."),
        var other => new(RunState.Failed, $"{other.GetType().Name}: {other.Message} {Origin(other)}".TrimEnd()),
    };

    static Exception Unwrapped(Exception error) => error switch
    {
        AggregateException { InnerExceptions.Count: 1 } or System.Reflection.TargetInvocationException or TypeInitializationException
            when error.InnerException is { } inner => Unwrapped(inner),
        _ => error,
    };

    // Native tensor libraries report a failed allocation as a general error with one of these texts.
    static bool IsOutOfMemory(Exception error) => error is OutOfMemoryException
        || error.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);

    static string Origin(Exception error) =>
        string.Join(" < ", (error.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries).Take(Frames)).Trim();
}
