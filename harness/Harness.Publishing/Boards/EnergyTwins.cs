namespace Harness.Publishing.Boards;

/// <summary>
/// The energy of a spiking row over that of a row that does not spike, under one model. The range is what single constants at either end of
/// their range, the same for both rows, can make of the ratio, and all of them together.
/// </summary>
public sealed record EnergyTwin(Row Spiking, Row Other, IEnergyModel Model, double Low, double Mid, double High)
{
    /// <summary>In words; open where some constants within their ranges turn it.</summary>
    public string Verdict => High < 1 ? "less" : Low > 1 ? "more" : "open";
}

/// <summary>Spiking rows of a board beside those that do not spike.</summary>
public static class EnergyTwins
{
    public static IReadOnlyList<(Row Spiking, Row Other)> Pairs(Board board) =>
        [.. from spiking in board.Rows where Counted(spiking, "spiking")
            from other in board.Rows where Counted(other, "ann")
            select (spiking, other)];

    static bool Counted(Row row, string kind) => row.Card?.Kind == kind && CountsOrNull(row) is not null;

    static OperationCounts? CountsOrNull(Row row) =>
        row.Finished.Select(run => run.Operations).FirstOrDefault(counts => counts is not null);

    /// <summary>Null where the model has no estimate of either row.</summary>
    public static EnergyTwin? OfOrNull(Row spiking, Row other, IEnergyModel model)
    {
        if (CountsOrNull(spiking) is not { } one || CountsOrNull(other) is not { } two) return null;
        var (first, second) = (model.Estimate(one), model.Estimate(two));
        if (!(first.Mid > 0) || !(second.Mid > 0)) return null;
        var ratios = model.Basis.Constants.SelectMany(constant => new[] { constant.Low, constant.High }.Select(value =>
        {
            var changed = new Dictionary<string, double> { [constant.Name] = value };
            return model.Estimate(one, changed).Mid!.Value / model.Estimate(two, changed).Mid!.Value;
        })).Concat([first.Low!.Value / second.Low!.Value, first.High!.Value / second.High!.Value, first.Mid.Value / second.Mid.Value])
            .Where(double.IsFinite).ToList();
        return new(spiking, other, model, ratios.Min(), first.Mid.Value / second.Mid.Value, ratios.Max());
    }

    /// <summary>
    /// Spikes that a synapse passes on in one inference, T times the firing rate: accumulates over dense operations of one step. Null where
    /// no layer reads spikes.
    /// </summary>
    public static double? SpikesPerSynapse(Row row)
    {
        var layers = CountsOrNull(row)?.Layers.Where(layer => layer.Acs > 0 && layer.DenseOperations > 0).ToList();
        return layers is { Count: > 0 }
            ? layers.Sum(layer => layer.Acs) / layers.Sum(layer => layer.DenseOperations / layer.TimeSteps) : null;
    }

    /// <summary>Below so many, accumulating costs less than float32 multiplying, by the constants of the published formula.</summary>
    public const double BreakEvenWithFloat = 4.6 / 0.9;

    /// <summary>The same against a machine that works through the bits of <paramref name="bits"/>-bit numbers, half of them set.</summary>
    public static double BreakEvenWithBits(int bits) => bits * 0.5;
}
