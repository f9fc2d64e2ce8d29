using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Pruning.Perceptrons;

namespace Suites.LlmEdge.Families;

/// <summary>
/// The training curve of a perceptron that is trained, then pruned. Its seconds leave out the time that the curve itself takes for accuracy
/// on the validation part.
/// </summary>
sealed class PruningCurve(Perceptron network, PixelTable validation, DenseProduct product, RunContext context)
{
    const int Batch = 500;

    readonly long _start = context.Time.GetTimestamp();
    TimeSpan _own;
    int _point;

    public void Add(double loss, string? note = null)
    {
        var began = context.Time.GetTimestamp();
        var seconds = (context.Time.GetElapsedTime(_start) - _own).TotalSeconds;
        context.Progress.Report(new(++_point, loss, Accuracy(), seconds) { Note = note });
        _own += context.Time.GetElapsedTime(began);
    }

    double? Accuracy()
    {
        if (validation.Count == 0) return null;
        var (pass, hits) = (new Pass(network, product, Math.Min(Batch, validation.Count)), 0);
        foreach (var places in Enumerable.Range(0, validation.Count).Chunk(pass.Most))
        {
            var labels = validation.Read(places, pass.Values[0]);
            pass.Forward(places.Length);
            var classes = network.Sizes[^1];
            for (var place = 0; place < places.Length; place++)
                if (Vectors.IndexOfLargest(pass.Values[^1].AsSpan(place * classes, classes)) == labels[place]) hits++;
        }
        return (double)hits / validation.Count;
    }
}
