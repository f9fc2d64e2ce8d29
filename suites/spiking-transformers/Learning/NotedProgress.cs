namespace Suites.SpikingTransformers.Learning;

/// <summary>Adds a note to the first point of the training curve.</summary>
sealed class NotedProgress(IProgress<TrainingPoint> inner, string note) : IProgress<TrainingPoint>
{
    bool noted;

    public void Report(TrainingPoint value)
    {
        inner.Report(noted ? value : value with { Note = value.Note is null ? note : $"{note}; {value.Note}" });
        noted = true;
    }
}
