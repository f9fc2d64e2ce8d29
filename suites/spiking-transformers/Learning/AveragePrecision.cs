using Harness.Datasets.Images;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Mean average precision at an overlap of one half: in each class the found boxes of all scenes, the surest first; one is right if it
/// overlaps a box of its class that no surer one took by half or more. Average precision is the area under precision over recall, precision
/// made falling (PASCAL VOC 2010); the mean is over classes that occur.
/// </summary>
sealed class AveragePrecision
{
    const float LeastOverlap = 0.5f;

    readonly Dictionary<int, int> wanted = [];
    readonly Dictionary<int, List<(float Score, bool Right)>> found = [];

    public void Add(IReadOnlyList<LabeledBox> boxes, IReadOnlyList<FoundBox> answers)
    {
        foreach (var box in boxes) wanted[box.Label] = wanted.GetValueOrDefault(box.Label) + 1;
        var taken = new HashSet<LabeledBox>(ReferenceEqualityComparer.Instance);
        foreach (var answer in answers.OrderByDescending(answer => answer.Score))
        {
            var best = boxes.Where(box => box.Label == answer.Box.Label && !taken.Contains(box)).MaxBy(box => box.Overlap(answer.Box));
            var right = best is not null && best.Overlap(answer.Box) >= LeastOverlap;
            if (right) taken.Add(best!);
            if (!found.TryGetValue(answer.Box.Label, out var list)) found[answer.Box.Label] = list = [];
            list.Add((answer.Score, right));
        }
    }

    /// <summary>0..1; not a number where nothing was to be found.</summary>
    public double Mean() => wanted.Count == 0 ? double.NaN
        : wanted.Average(entry => Average(found.GetValueOrDefault(entry.Key, []), entry.Value));

    static double Average(List<(float Score, bool Right)> answers, int wanted)
    {
        var (right, points) = (0, new List<(double Recall, double Precision)>());
        foreach (var (index, answer) in answers.OrderByDescending(answer => answer.Score).Index())
        {
            right += answer.Right ? 1 : 0;
            points.Add(((double)right / wanted, (double)right / (index + 1)));
        }
        var (area, precision, recall) = (0.0, 0.0, points.Count > 0 ? points[^1].Recall : 0);
        for (var index = points.Count - 1; index >= 0; index--)
        {
            precision = Math.Max(precision, points[index].Precision);
            var before = index > 0 ? points[index - 1].Recall : 0;
            area += (recall - before) * precision;
            recall = before;
        }
        return area;
    }
}
