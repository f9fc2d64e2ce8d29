using Harness.Datasets;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>
/// Unweighted mean over classes of F1 = 2 TP / (2 TP + FP + FN). A class that is neither a target nor predicted has no F1 and is left out
/// of the mean; one that is predicted but never a target, or a target but never predicted, counts with 0. Not a number without samples.
/// </summary>
public sealed record MacroF1 : IMetric<ILabeled, ClassPrediction>
{
    /// <summary>More classes than any protocol has: a label beyond is a mistake, not a reason to allocate.</summary>
    const int MostClasses = 1 << 16;

    public MetricCard Card => new("macro-f1", 1, "Macro F1", "share", Direction.Higher)
    {
        Definition = "Unweighted mean over classes of 2 TP / (2 TP + FP + FN), without classes that are neither targets nor predicted.",
        Source = "Sokolova and Lapalme 2009, as f1_score(average='macro') of scikit-learn computes it",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<ILabeled, ClassPrediction> Begin() => new Tally();

    sealed class Tally : ITally<ILabeled, ClassPrediction>
    {
        // Of each class: how often it was the target, predicted, and both.
        (int Target, int Predicted, int Both)[] classes = new (int, int, int)[16];

        public void Add(ILabeled sample, ClassPrediction prediction)
        {
            var (target, predicted) = (sample.Label, prediction.Label);
            if ((uint)Math.Max((uint)target, (uint)predicted) >= classes.Length) Grow(target, predicted);
            classes[target].Target++;
            classes[predicted].Predicted++;
            if (target == predicted) classes[target].Both++;
        }

        public double Total()
        {
            var (sum, present) = (0.0, 0);
            foreach (var (target, predicted, both) in classes)
            {
                if (target + predicted == 0) continue;
                // 2 TP + FP + FN: every target and every prediction of the class is counted once.
                sum += 2.0 * both / (target + predicted);
                present++;
            }
            return sum / present;
        }

        void Grow(params ReadOnlySpan<int> labels)
        {
            foreach (var label in labels)
                if (label is < 0 or >= MostClasses)
                    throw new ArgumentException($"Macro F1 needs classes 0..{MostClasses - 1}, not {label}.", nameof(labels));
            Array.Resize(ref classes, Math.Max(2 * classes.Length, labels.ToArray().Max() + 1));
        }
    }
}
