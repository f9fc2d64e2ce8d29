using Harness.Datasets;

namespace Suites.Clustering.Episodes;

/// <summary>Features as they are, each point scaled to length 1, or first less the mean of the training tasks and then scaled.</summary>
public enum FeatureForm { Raw, Normalized, Centered }

/// <summary>What is done to the features of a task before anything else.</summary>
/// <param name="Mean">Of all points of the training tasks, axis [feature].</param>
sealed record FeatureMap(FeatureForm Form, double[] Mean)
{
    /// <exception cref="TrainingFailedException">There is no training task, or its features are not finite or differ in number.</exception>
    public static FeatureMap Of(FeatureForm form, IReadOnlyList<FewShotTask> tasks)
    {
        if (tasks.Count == 0) throw new TrainingFailedException("There is no training task; give at least one, its mean is the base mean.");
        var (mean, count) = (new double[tasks[0].Points[0].Length], 0);
        foreach (var (index, task) in tasks.Index())
        {
            if (ProblemOrNull(task, mean.Length) is { } problem) throw new TrainingFailedException($"Training task {index}: {problem}");
            foreach (var point in task.Points)
                for (var at = 0; at < mean.Length; at++) mean[at] += point.Span[at];
            count += task.Points.Count;
        }
        return new(form, [.. mean.Select(sum => sum / count)]);
    }

    /// <exception cref="HarnessException">A feature is not finite, the points have another number of them, or a class has no label.
    /// </exception>
    public PointTable Apply(FewShotTask task)
    {
        if (ProblemOrNull(task, Mean.Length) is { } problem) throw new HarnessException($"Test task: {problem}");
        var values = new double[task.Points.Count * Mean.Length];
        for (var point = 0; point < task.Points.Count; point++)
        {
            var row = values.AsSpan(point * Mean.Length, Mean.Length);
            for (var at = 0; at < row.Length; at++)
                row[at] = task.Points[point].Span[at] - (Form == FeatureForm.Centered ? Mean[at] : 0);
            if (Form != FeatureForm.Raw) Scale(row);
        }
        return new(values, task.Points.Count, Mean.Length);
    }

    static void Scale(Span<double> row)
    {
        var squares = 0.0;
        foreach (var value in row) squares += value * value;
        var length = Math.Sqrt(Math.Max(squares, 1e-14));
        foreach (ref var value in row) value /= length;
    }

    static string? ProblemOrNull(FewShotTask task, int features)
    {
        var classes = task.Support.Count == 0 ? 0 : task.Support.Max() + 1;
        if (classes == 0 || Enumerable.Range(0, classes).Except(task.Support).Any() || task.Support.Min() < 0)
            return "its support must name every class 0, 1, ... at least once.";
        if (task.Points.Count != task.Support.Count + task.Queries.Count)
            return $"{task.Points.Count} points for {task.Support.Count} labels and {task.Queries.Count} queries; give as many.";
        for (var point = 0; point < task.Points.Count; point++)
        {
            var span = task.Points[point].Span;
            if (span.Length != features) return $"point {point} has {span.Length} features where {features} are expected.";
            for (var at = 0; at < span.Length; at++)
                if (!float.IsFinite(span[at])) return $"point {point} is {span[at]} at feature {at}; features must be finite.";
        }
        return null;
    }
}
