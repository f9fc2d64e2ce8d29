namespace Harness.Testing;

/// <summary>Keeps every report in order, on the reporting thread; unlike <see cref="Progress{T}"/> it posts to no context.</summary>
public sealed class RecordingProgress<T> : IProgress<T>
{
    readonly Lock _gate = new();
    readonly List<T> _reports = [];

    /// <summary>A copy of what was reported so far.</summary>
    public IReadOnlyList<T> Reports
    {
        get { lock (_gate) return [.. _reports]; }
    }

    public void Report(T value)
    {
        lock (_gate) _reports.Add(value);
    }
}
