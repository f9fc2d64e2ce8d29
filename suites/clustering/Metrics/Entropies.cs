namespace Suites.Clustering.Metrics;

/// <summary>Entropies of the two partitions of a table and what they have in common, in nats.</summary>
sealed record Entropies(double Reference, double Predicted, double Mutual)
{
    public static Entropies Of(Contingency table)
    {
        var (references, predictions, points) = (table.References, table.Predictions, (double)table.Points);
        var mutual = 0.0;
        foreach (var ((reference, predicted), count) in table.Cells)
            mutual += count / points * Math.Log(count * points / ((double)references[reference] * predictions[predicted]));
        // Rounding may leave it a few last places below.
        return new(Entropy(references.Values, points), Entropy(predictions.Values, points), Math.Max(0, mutual));
    }

    static double Entropy(IEnumerable<long> counts, double points) => -counts.Sum(count => count / points * Math.Log(count / points));
}
