namespace Harness.Abstractions;

/// <summary>Tallies of metrics that are sums over samples, divided; not a number without samples.</summary>
public static class Tally
{
    /// <summary>The mean over samples of a number of each.</summary>
    public static ITally<TSample, TPrediction> Mean<TSample, TPrediction>(Func<TSample, TPrediction, double> value) =>
        new Sums<TSample, TPrediction>((sample, prediction) => (value(sample, prediction), 1));

    /// <summary>The share of samples that are answered rightly.</summary>
    public static ITally<TSample, TPrediction> Share<TSample, TPrediction>(Func<TSample, TPrediction, bool> right) =>
        new Sums<TSample, TPrediction>((sample, prediction) => (right(sample, prediction) ? 1 : 0, 1));

    /// <summary>A sum over samples divided by another one, so that a sample counts by how much there is of it.</summary>
    public static ITally<TSample, TPrediction> Ratio<TSample, TPrediction>(
        Func<TSample, TPrediction, (double Above, double Below)> terms) => new Sums<TSample, TPrediction>(terms);

    sealed class Sums<TSample, TPrediction>(Func<TSample, TPrediction, (double Above, double Below)> terms) : ITally<TSample, TPrediction>
    {
        double _above, _below;

        public void Add(TSample sample, TPrediction prediction)
        {
            var (above, below) = terms(sample, prediction);
            _above += above;
            _below += below;
        }

        public double Total() => _above / _below;
    }
}
