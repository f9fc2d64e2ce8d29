using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Pruning.Perceptrons;

namespace Suites.LlmEdge.Families;

/// <summary>
/// The training curve of a perceptron that is trained, then pruned. Its seconds leave out the time that the curve itself takes for accuracy
/// on the validation part.
/// </summary>
sealed class PruningCurve(PixelTable validation, DenseProduct product, RunContext context)
{
    const int Batch = 500;

    readonly List<TrainingPoint> _points = [];
    long _start = context.Time.GetTimestamp();
    double _earlier;
    TimeSpan _own;
    Pass? _pass;
    Perceptron? _network;

    public IReadOnlyList<TrainingPoint> Points => _points;

    /// <summary>The network whose accuracy is asked for from now on.</summary>
    public void Watch(Perceptron network) =>
        (_network, _pass) = (network, validation.Count == 0 ? null : new(network, product, Math.Min(Batch, validation.Count)));

    /// <summary>Points of an earlier run: time goes on after theirs.</summary>
    public void Repeat(IReadOnlyList<TrainingPoint> points)
    {
        foreach (var point in points.SkipLast(1)) Report(point);
        Report(points[^1] with { Note = "read, not trained: an earlier run kept these weights" });
        (_earlier, _start) = (points[^1].Seconds, context.Time.GetTimestamp());
    }

    public void Add(double loss, string? note = null)
    {
        var began = context.Time.GetTimestamp();
        var seconds = _earlier + (context.Time.GetElapsedTime(_start) - _own).TotalSeconds;
        Report(new(_points.Count + 1, loss, Accuracy(), seconds) { Note = note });
        _own += context.Time.GetElapsedTime(began);
    }

    void Report(TrainingPoint point)
    {
        _points.Add(point);
        context.Progress.Report(point);
    }

    double? Accuracy()
    {
        if (_pass is null) return null;
        var (hits, classes) = (0, _network!.Sizes[^1]);
        foreach (var places in Enumerable.Range(0, validation.Count).Chunk(_pass.Most))
        {
            var labels = validation.Read(places, _pass.Values[0]);
            _pass.Forward(places.Length);
            for (var place = 0; place < places.Length; place++)
                if (Vectors.IndexOfLargest(_pass.Values[^1].AsSpan(place * classes, classes)) == labels[place]) hits++;
        }
        return (double)hits / validation.Count;
    }
}
