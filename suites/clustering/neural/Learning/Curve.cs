namespace Suites.Clustering.Neural.Learning;

/// <summary>The training curve of a model, over all its stages.</summary>
sealed class Curve(RunContext context)
{
    readonly long _start = context.Time.GetTimestamp();
    int _epoch;

    /// <summary>Closes an epoch.</summary>
    public void Add(double loss) =>
        context.Progress.Report(new(++_epoch, loss, null, context.Time.GetElapsedTime(_start).TotalSeconds));
}
