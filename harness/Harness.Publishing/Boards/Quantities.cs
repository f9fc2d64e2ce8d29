namespace Harness.Publishing.Boards;

/// <summary>The order in which columns stand, and how dimensionless ones are shown.</summary>
static class Quantities
{
    /// <summary>Column order after the primary metric and the benchmark's other metrics: a metric id or its first part; the rest follows by
    /// id.</summary>
    static readonly string[] Order =
    [
        "speed", "latency", "model.parameters", "model.bytes", "time.train", "memory.peak", "memory", "activity", "ops.macs", "ops.acs",
            "ops", "energy",
    ];

    static readonly string[] Shares = ["accuracy", "activity", "macro-f1", "macro_f1", "f1", "recall", "precision"];
    static readonly string[] Counts = ["model.parameters", "ops"];

    public static int Place(string metric)
    {
        for (var i = 0; i < Order.Length; i++)
            if (Under(metric, Order[i])) return i;
        return Order.Length;
    }

    /// <summary>The unit that decides the notation: shares of one read better as percent, large counts with a prefix.</summary>
    public static string Shown(string metric, string unit) => unit is not ("1" or "") ? unit
        : Shares.Any(name => Under(metric, name)) ? "share"
        : Counts.Any(name => Under(metric, name)) ? "count" : unit;

    static bool Under(string metric, string name) => metric == name || metric.StartsWith(name + ".", StringComparison.Ordinal);
}
