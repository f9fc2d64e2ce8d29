namespace Suites.Clustering.Centers;

/// <summary>A training curve of one point per assignment: the mean squared distance of a point to its centre.</summary>
static class InertiaCurve
{
    /// <returns>Takes the inertia of each assignment; ends a training that was cancelled.</returns>
    public static Action<double> Of(RunContext context, int count)
    {
        var (began, epoch) = (context.Time.GetTimestamp(), 0);
        return inertia =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Progress.Report(new(++epoch, inertia / count, null, context.Time.GetElapsedTime(began).TotalSeconds));
        };
    }
}
