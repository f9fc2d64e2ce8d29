namespace Suites.Clustering.Metrics;

/// <summary>The mean over samples of a number of each.</summary>
sealed class MeanTally<TSample, TPrediction>(Func<TSample, TPrediction, double> value) : ITally<TSample, TPrediction>
{
    double _sum;
    int _samples;

    public void Add(TSample sample, TPrediction prediction)
    {
        _sum += value(sample, prediction);
        _samples++;
    }

    /// <summary>NaN where there is no sample.</summary>
    public double Total() => _sum / _samples;
}
